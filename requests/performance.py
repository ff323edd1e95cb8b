"""What departments kept of their contracts lately: taken, given back, worked on in time (S77).

Every figure counts requests, each once: one that was late twice is late once. What an act met or
missed stands in its event (`owed_at`), what a task did in its row; so a date moved by a stop of
the clock or by a closure counts as it stood. A promise whose day has passed unkept is missed,
whether the work came late or is still waited for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, DateTimeField, F, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from requests.enums import PAUSED_STATES, TaskEnd, Verb
from requests.models import RequestEvent, ServiceRequest, Task

LATELY = timedelta(days=90)
LATE = Q(ended__gt=F("owed"))
REQUESTS = Count("about", distinct=True)


class Promise(StrEnum):
    """What is measured of a department."""

    TAKEN = "prise"  # in the contract's delay to take
    RETURNED = "retour"  # its conclusion, in the contract's delay to return
    WORKED = "travail"  # a task, by the day asked with it


class Part(StrEnum):
    """Which of the requests behind a figure."""

    DONE = "fait"
    KEPT = "tenu"
    MISSED = "depasse"
    OWED = "attendu"  # not done yet, and its day is past


@dataclass(frozen=True)
class Kept:
    """How many requests met their date, missed it, or are beyond it and still waited for."""

    done: int = 0
    missed: int = 0
    owed: int = 0

    @property
    def kept(self) -> int:
        return self.done - self.missed

    @property
    def percent(self) -> int | None:
        """How many in a hundred were in time, of all that was due; None when nothing was.

        Rounded down, so that nothing but all of them reads as 100.
        """
        due = self.done + self.owed
        return 100 * self.kept // due if due else None


def kept_by(department: str, now: datetime, among: QuerySet) -> dict[Promise, Kept]:
    """Return what a department kept in the last 90 days; two queries for each promise.

    Args:
        among: the requests that the reader's figures count.
    """
    reach = Q(of=department, about__in=among.values("pk"))
    found = {}
    for promise in Promise:
        done = _done(promise, now).filter(reach)
        counts = done.aggregate(done=REQUESTS, missed=Count("about", distinct=True, filter=LATE))
        owed = _owed(promise, now).filter(reach).aggregate(owed=REQUESTS)
        found[promise] = Kept(**counts, **owed)
    return found


def returned_by_all(now: datetime) -> dict[str, Kept]:
    """Return what each department gave back in the last 90 days, by its code; two queries."""
    rows = _done(Promise.RETURNED, now).order_by().values("of")
    counts = rows.annotate(done=REQUESTS, missed=Count("about", distinct=True, filter=LATE))
    done = {row["of"]: (row["done"], row["missed"]) for row in counts}
    waited = _owed(Promise.RETURNED, now).order_by().values("of").annotate(owed=REQUESTS)
    owed = {row["of"]: row["owed"] for row in waited}
    return {code: Kept(*done.get(code, (0, 0)), owed.get(code, 0)) for code in done | owed}


def behind(promise: Promise, part: Part, department: str, now: datetime) -> Q:
    """Return which requests a figure of `kept_by` counts, as a condition on requests."""
    if part == Part.OWED:
        return Q(pk__in=_owed(promise, now).filter(of=department).values("about"))
    done = _done(promise, now).filter(of=department)
    missed = Q(pk__in=done.filter(LATE).values("about"))
    if part == Part.MISSED:
        return missed
    every = Q(pk__in=done.values("about"))
    return every & ~missed if part == Part.KEPT else every


def _done(promise: Promise, now: datetime) -> QuerySet:
    """What was done lately: `about` which request, `of` whom, when it `ended` and was `owed`."""
    since = now - LATELY
    if promise == Promise.WORKED:
        tasks = Task.objects.filter(end=TaskEnd.DONE, ended_at__gt=since, ended_at__lte=now)
        return tasks.annotate(
            about=F("request"), of=F("department"), ended=F("ended_at"), owed=F("due_at")
        )
    verbs = (Verb.TAKE, Verb.ASSIGN) if promise == Promise.TAKEN else (Verb.TREAT, Verb.RETURN)
    without_conclusion_in_time = Q(verb=Verb.RETURN) & ~LATE  # neither kept nor missed
    events = RequestEvent.objects.filter(
        at__gt=since, at__lte=now, verb__in=verbs, data__has_key="owed_at"
    )
    dated = events.annotate(
        about=F("request"),
        of=KT("data__department"),
        ended=F("at"),
        owed=Cast(KT("data__owed_at"), DateTimeField()),
    )
    return dated.exclude(without_conclusion_in_time)


def _owed(promise: Promise, now: datetime) -> QuerySet:
    """What is still to be done beyond its date; not while the requester is waited for."""
    if promise == Promise.WORKED:
        tasks = Task.objects.filter(started_at__isnull=False, ended_at=None, due_at__lt=now)
        running = tasks.exclude(request__state__in=PAUSED_STATES)
        return running.annotate(about=F("request"), of=F("department"))
    if promise == Promise.TAKEN:
        running = ServiceRequest.objects.running().filter(department_since__isnull=False)
        held = running.filter(assignee=None, take_due_at__lt=now)
    else:
        held = ServiceRequest.objects.to_give_back().filter(department_due_at__lt=now)
    return held.annotate(about=F("pk"), of=F("department"))
