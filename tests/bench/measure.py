"""How it is measured: one visitor's latencies, several at once, the queries."""

import threading
import time

import httpx
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.pages import Page
from tests.bench.report import REQUESTS, ROUNDS

WARM_UP = 5  # requests before each round
VISITORS, SECONDS = 6, 2.5


class Broken(RuntimeError):
    """A page did not answer as it should: its speed means nothing."""


def filings_needed() -> int:
    """How many drafts one measure of the filing may use up."""
    return ROUNDS * (WARM_UP + REQUESTS) + VISITORS * 150 + 5


def times(page: Page, base: str, count: int) -> list[float]:
    """Return the seconds of `count` requests of one visitor, after a few more that warm up."""
    with browser(page, base) as client:
        for _ in range(WARM_UP):
            ask(client, page)
        return [timed(client, page) for _ in range(count)]


def browser(page: Page, base: str) -> httpx.Client:
    """Return an HTTP client with the visitor's session and form token."""
    cookies = {name: morsel.value for name, morsel in page.visitor.cookies.items()}
    if page.form is not None:
        cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return httpx.Client(base_url=base, cookies=cookies, timeout=60)


def ask(client: httpx.Client, page: Page) -> None:
    path = page.path()
    if page.form is None:
        answer = client.get(path, headers=dict(page.headers))
    else:
        answer = client.post(path, data={**page.form, "csrfmiddlewaretoken": "a" * 32})
    if answer.status_code != page.expected:
        raise Broken(f"{page.name}: {path} answered {answer.status_code}, not {page.expected}")


def timed(client: httpx.Client, page: Page) -> float:
    begun = time.perf_counter()
    ask(client, page)
    return time.perf_counter() - begun


def rate(page: Page, base: str) -> float:
    """Return requests a second with `VISITORS` at once, for `SECONDS`."""
    done, lock = 0, threading.Lock()
    until = time.perf_counter() + SECONDS
    failures: list[Exception] = []

    def visit() -> None:
        nonlocal done
        try:
            with browser(page, base) as client:
                while time.perf_counter() < until:
                    ask(client, page)
                    with lock:
                        done += 1
        except (StopIteration, RuntimeError) as error:
            if isinstance(error, Broken):
                failures.append(error)

    begun = time.perf_counter()
    visitors = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if failures:
        raise failures[0]
    return done / (time.perf_counter() - begun)


def count_queries(page: Page, _base: str) -> int:
    """Return how many SQL queries one request makes, the second time, in this process."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            path = page.path()
            answer = (
                page.visitor.get(path, headers=page.headers)
                if page.form is None
                else page.visitor.post(path, page.form)
            )
        if answer.status_code != page.expected:
            raise Broken(f"{page.name}: {path} answered {answer.status_code}")
    return len(captured)
