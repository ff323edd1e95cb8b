"""Fifty agents and two hundred citizens at once, for half an hour (R27): ``make load``.

On throw-away servers, with 300,000 invented requests, two gunicorn workers, two Celery workers and
a beat. Everybody reads a page, waits as people do, and goes on; agents write notes, citizens file
requests. Prints, and writes to var/load.json, how long answers took by what was asked; ends with an
error when an answer was a fault of the server, or its time misses the bar: of 95 in 100, 500 ms for
citizens and 800 ms for agents.
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from tests.bench.ground import ROOT, prepare, server, settle

AGENTS, CITIZENS = 50, 200
BARS = {"agent": 0.8, "citizen": 0.5}  # seconds, of 95 answers in 100
THINKING = {"agent": (6.0, 18.0), "citizen": (5.0, 15.0)}  # seconds between two pages
FILINGS = 4  # kept ready for each citizen
KNOWN = 40  # requests each agent goes through
TOKEN = "a" * 32


@dataclass(frozen=True)
class Step:
    """One thing somebody asks for; `form` is posted when not None."""

    name: str
    path: str
    form: dict | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody with a browser: `side` is "agent" or "citizen"; `steps` never end."""

    side: str
    cookies: dict[str, str]
    steps: Iterator[Step]


class Book:
    """What all of them met: seconds by name of the step, and answers that were not good."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.wrong: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    def note(self, side: str, name: str, seconds: float, status: int) -> None:
        with self._lock:
            self.seconds[side, name].append(seconds)
            if status >= 400:
                self.wrong[name, status] += 1

    def of(self, side: str) -> list[float]:
        return [one for (of, _name), times in self.seconds.items() if of == side for one in times]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--requests", type=int, default=300_000)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "load.json")
    options = parser.parse_args()
    if not prepare(options.requests):
        return 2
    compared()
    settle()
    from tests.bench.routing import workers

    people = [*agents(), *citizens()]
    book = Book()
    with ExitStack() as stack:
        base = stack.enter_context(server())
        stack.enter_context(workers())
        warm(base)
        together(people, base, book, seconds=options.minutes * 60)
    return tell(book, options)


def compared() -> None:
    """All people have been compared with each other, as in a town on any day but its first."""
    from django.utils import timezone

    from citizens.models import Citizen

    Citizen.objects.to_compare().update(compared_at=timezone.now())


def agents() -> list[Person]:
    """Fifty browsers of the town's agents, each seated, with requests they may read."""
    from backoffice.record_page import records_open_to
    from massy_grc.users.models import User
    from prestations.enums import Role
    from prestations.models import Membership
    from requests.actions import may
    from requests.enums import Verb
    from requests.models import ServiceRequest

    roles = (Role.AGENT_EAS, Role.AGENT_PROXIMITE, Role.AGENT_EXPERT, Role.CHEF_SERVICE)
    staff = User.objects.filter(
        pk__in=Membership.objects.filter(role__in=roles).values("user"), is_active=True
    )
    people, everybody = [], list(staff.order_by("pk"))
    for number in range(AGENTS):
        user = everybody[number % len(everybody)]
        seen = ServiceRequest.objects.visible_to(user).open().order_by("due_at")[:KNOWN]
        known = [one.reference for one in seen]
        noted = [one.reference for one in seen if may(one, Verb.NOTE, user)]
        records = list(records_open_to(user).order_by("-pk").values_list("pk", flat=True)[:KNOWN])
        cookies = seated(user)
        people.append(Person("agent", cookies, work_of(Random(number), known, noted, records)))
    return people


def seated(user) -> dict[str, str]:
    """The cookies of an agent's browser; whoever receives people is at a post."""
    from django.test import Client
    from django.urls import reverse

    from requests.permissions import Right, scope_of
    from tests.bench.pages import BACKEND

    client = Client()
    client.force_login(user, BACKEND)
    if scope_of(user).may(Right.FRONT_OFFICE):
        seat = {"site": "mairie-principale", "post_type": "back-office"}
        client.post(reverse("backoffice:choose_post"), seat)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def work_of(
    random: Random, known: list[str], noted: list[str], records: list[int]
) -> Iterator[Step]:
    """An agent's day: lists, requests, records, searches, now and then a note where they may."""
    from django.urls import reverse

    from tests.bench.pages import IN_THE_BOX, queue, search

    home = Step("day", reverse("backoffice:home"))
    views = [Step("list", queue(vue=view)) for view in ("mes-demandes", "mon-service", "ouvertes")]
    boxes = [
        Step("search box", search(words), headers=IN_THE_BOX)
        for words in ("mart", "dupont julie", "mermoz", "06 12", "acte de naissance")
    ]
    while True:
        yield random.choice([home, *views])
        for reference in random.sample(known, min(3, len(known))):
            yield Step("request", reverse("backoffice:request", args=[reference]))
        yield random.choice(boxes)
        if records:
            yield Step("record", reverse("backoffice:citizen", args=[random.choice(records)]))
        if noted and random.random() < 0.3:
            note = reverse("backoffice:act", args=[random.choice(noted), "note"])
            yield Step("note", note, {"body": "Rappelé, pas de réponse."})


def citizens() -> list[Person]:
    """Two hundred browsers of people who look for something and file it."""
    from prestations.models import Prestation
    from tests.bench.pages import filing_page

    offered = list(Prestation.objects.open_on("web").values_list("pk", flat=True))
    people = []
    for number in range(CITIZENS):
        filing = filing_page(FILINGS)
        cookies = {name: morsel.value for name, morsel in filing.visitor.cookies.items()}
        people.append(Person("citizen", cookies, visit_of(Random(number), offered, filing.path)))
    return people


def visit_of(random: Random, offered: list[str], next_filing: Callable[[], str]) -> Iterator[Step]:
    """What somebody reads before they file, again and again."""
    from django.urls import reverse

    from tests.bench.pages import catalogue_search

    words = ("naissance", "nessance", "poubelle", "piscine", "passeport", "trou", "crèche")
    left = FILINGS
    while True:
        yield Step("portal", reverse("home"))
        yield Step("portal search", catalogue_search(random.choice(words)))
        code = random.choice(offered)
        yield Step("prestation", reverse("prestations:detail", args=[code]))
        yield Step("form", reverse("requests:file", args=[code]))
        if left and random.random() < 0.25:
            left -= 1
            yield Step("filing", next_filing(), {})


def warm(base: str) -> None:
    """Wait until all processes have started: the town does not open its doors before."""
    with httpx.Client(base_url=base, timeout=120) as browser:
        quick = 0
        while quick < 50:
            begun = time.perf_counter()
            browser.get("/").raise_for_status()
            quick = quick + 1 if time.perf_counter() - begun < 1 else 0


def together(people: list[Person], base: str, book: Book, *, seconds: float) -> None:
    """Let everybody in, one after the other over the first minute, until the time is over."""
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=live,
            args=(one, base, book, until, min(60.0, seconds / 4) * number / len(people)),
            daemon=True,
        )
        for number, one in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def live(person: Person, base: str, book: Book, until: float, late: float) -> None:
    """Ask, wait, ask, until the time is over; redirects are followed, as a browser does."""
    from django.conf import settings

    random = Random(late)
    time.sleep(late)
    cookies = {**person.cookies, settings.CSRF_COOKIE_NAME: TOKEN}
    with httpx.Client(base_url=base, cookies=cookies, timeout=60, follow_redirects=True) as browser:
        for step in person.steps:
            if time.monotonic() > until:
                return
            begun = time.perf_counter()
            if step.form is None:
                answer = browser.get(step.path, headers=step.headers)
            else:
                form = {**step.form, "csrfmiddlewaretoken": TOKEN}
                answer = browser.post(step.path, data=form)
            book.note(person.side, step.name, time.perf_counter() - begun, answer.status_code)
            time.sleep(random.uniform(*THINKING[person.side]))


def tell(book: Book, options: argparse.Namespace) -> int:
    """Print the table and write it; 1 when a bar is missed."""
    print(f"\n{'':<9}{'asked for':<16}{'answers':>8}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}")
    lines = []
    for side, name in sorted(book.seconds):
        lines.append(told(side, name, book.seconds[side, name]))
    missed = 0
    for side, bar in BARS.items():
        lines.append(told(side, "all", book.of(side)))
        missed |= lines[-1]["p95"] > bar * 1000
    faults = sum(count for (_name, status), count in book.wrong.items() if status >= 500)
    total = sum(map(len, book.seconds.values()))
    rate = total / (options.minutes * 60)
    print(f"\n{total} answers, {rate:.1f} a second; not good: {dict(book.wrong) or 'none'}")
    report = {"requests": options.requests, "minutes": options.minutes, "lines": lines}
    report |= {"rate": round(rate, 1), "cores": os.cpu_count()}
    report["wrong"] = {f"{name} {status}": count for (name, status), count in book.wrong.items()}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2), encoding="utf-8")
    return int(missed or faults > 0)


def told(side: str, name: str, seconds: list[float]) -> dict:
    """Print one line, and return it."""
    ordered = sorted(seconds) or [0.0]
    p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    found = {"p50": round(p50 * 1000), "p95": round(p95 * 1000), "worst": round(ordered[-1] * 1000)}
    times = "".join(f"{value:>9}" for value in found.values())
    print(f"{side:<9}{name:<16}{len(seconds):>8}{times}", flush=True)
    return {"side": side, "asked": name, "answers": len(seconds), **found}


if __name__ == "__main__":
    sys.exit(main())
