"""How it is measured: one visitor's latencies, then several at once, then the queries."""

import statistics
import threading
import time
from dataclasses import asdict, dataclass

import httpx
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.pages import Page

WARM_UP, REQUESTS = 15, 200
VISITORS, SECONDS = 6, 2.5


@dataclass(frozen=True)
class Measure:
    """One line of the table. Milliseconds, requests a second, and SQL queries of one request.

    `best` is the fastest tenth's slowest: what the page costs when nobody else uses the machine.
    """

    page: str
    best: float
    p50: float
    p95: float
    rate: float
    queries: int

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Growth:
    """One page at the smallest and at the largest size.

    `p50` and `best` are growths: 0.3 means 30 % slower. `over_floor` is what the page's p50 costs
    more than the empty view's, in milliseconds, at the largest size.
    """

    page: str
    p50_small: float
    p50_large: float
    p50: float
    best: float
    queries_small: int
    queries_large: int
    over_floor: float

    @classmethod
    def between(cls, small: Measure, large: Measure, floor: Measure) -> "Growth":
        """Compare the two measures of one page; `floor` is the empty view at the large size."""
        return cls(
            page=small.page,
            p50_small=small.p50,
            p50_large=large.p50,
            p50=round(large.p50 / small.p50 - 1, 3),
            best=round(large.best / small.best - 1, 3),
            queries_small=small.queries,
            queries_large=large.queries,
            over_floor=round(large.p50 - floor.p50, 1),
        )

    def as_json(self) -> dict:
        return asdict(self)


class Broken(RuntimeError):
    """A page did not answer as it should: its speed means nothing."""


def filings_needed() -> int:
    """How many drafts one measure of the filing may use up."""
    return WARM_UP + REQUESTS + VISITORS * 150 + 5


def measure(page: Page, base: str) -> Measure:
    """Measure one page of the server at `base`."""
    queries = count_queries(page)
    with browser(page, base) as client:
        for _ in range(WARM_UP):
            ask(client, page)
        times = sorted(timed(client, page) for _ in range(REQUESTS))
    return Measure(
        page=page.name,
        best=round(times[len(times) // 10] * 1000, 1),
        p50=round(statistics.median(times) * 1000, 1),
        p95=round(times[int(len(times) * 0.95)] * 1000, 1),
        rate=round(rate(page, base), 0),
        queries=queries,
    )


def browser(page: Page, base: str) -> httpx.Client:
    """Return an HTTP client with the visitor's session and form token."""
    cookies = {name: morsel.value for name, morsel in page.visitor.cookies.items()}
    if page.form is not None:
        cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return httpx.Client(base_url=base, cookies=cookies, timeout=60)


def ask(client: httpx.Client, page: Page) -> None:
    path = page.path()
    if page.form is None:
        answer = client.get(path)
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


def count_queries(page: Page) -> int:
    """Return how many SQL queries one request makes, the second time, in this process."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            path = page.path()
            answer = (
                page.visitor.get(path) if page.form is None else page.visitor.post(path, page.form)
            )
        if answer.status_code != page.expected:
            raise Broken(f"{page.name}: {path} answered {answer.status_code}")
    return len(captured)
