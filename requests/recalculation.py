"""Which dates a closure of the town hall would move, without moving any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from prestations.calendars import WorkingCalendar, carried_over, midnight
from prestations.enums import DelayUnit
from prestations.models import Closure
from requests import deadlines
from requests.models import OWED_DATES, ServiceRequest, Task
from requests.querysets import ServiceRequestQuerySet


@dataclass(frozen=True)
class Move:
    """One request and its dates in the new calendar."""

    request: ServiceRequest
    due_from: datetime
    due_at: datetime
    owed: dict[str, datetime]  # by field: those the town owes inside that come later
    tasks: dict[Task, dict[str, datetime]]  # likewise, of the departments at work beside

    @property
    def is_later(self) -> bool:
        """Whether the citizen's answer is due later."""
        return self.due_at > self.due_from

    @property
    def of_department(self) -> bool:
        """Whether the department owes its conclusion later."""
        return "department_due_at" in self.owed

    @property
    def later_tasks(self) -> list[Task]:
        """The tasks that departments give back later."""
        return [task for task, dates in self.tasks.items() if "due_at" in dates]

    @property
    def is_told(self) -> bool:
        """Whether its requester learns it: its own day was promised, and the clock runs."""
        return self.is_later and not (self.request.paused_at or self.request.merged_into_id)


def touched(closure: Closure) -> ServiceRequestQuerySet:
    """Open requests without an answer that owe something on the first closed day or after."""
    first = midnight(closure.start)
    owing = Q(due_at__gte=first)
    for name in OWED_DATES:
        owing |= Q(**{f"{name}__gte": first})
    owing |= Q(pk__in=Task.objects.filter(ended_at=None, due_at__gte=first).values("request"))
    waiting = ServiceRequest.objects.open().filter(owing, answered_at=None)
    rows = waiting.select_related("prestation").prefetch_related("tasks")
    return rows.order_by("due_at", "pk")


def move_of(
    service_request: ServiceRequest,
    *,
    before: WorkingCalendar,
    after: WorkingCalendar,
    now: datetime,
) -> Move | None:
    """Return the dates of one request in the new calendar; None when none of them moves.

    A date counted in calendar days or months stays, and so does one that an interim reply set.
    """
    since = service_request.paused_at or now
    due_at = service_request.due_at
    _value, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
    if unit == DelayUnit.WORKING_DAYS and service_request.interim_sent_at is None:
        due_at = carried_over(due_at, since, before, after)

    def later(dates: dict[str, datetime], since: datetime) -> dict[str, datetime]:
        """Those still to come that move, under the announced date."""
        found = {}
        for name, moment in dates.items():
            moved = carried_over(moment, since, before, after)
            if due_at > now:
                moved = min(moved, max(moment, due_at))
            if moment > now and moved != moment:
                found[name] = moved
        return found

    unfinished = [task for task in service_request.tasks.all() if task.ended_at is None]
    tasks = {task: later(task.owed_dates, max(since, task.asked_at)) for task in unfinished}
    move = Move(
        request=service_request,
        due_from=service_request.due_at,
        due_at=due_at,
        owed=later(service_request.owed_dates, since),
        tasks={task: dates for task, dates in tasks.items() if dates},
    )
    return move if move.is_later or move.owed or move.tasks else None


def moves(
    closure: Closure, *, before: WorkingCalendar, after: WorkingCalendar, now: datetime
) -> Iterator[Move]:
    """Yield what `closure` would move, the nearest date first."""
    for service_request in touched(closure).iterator(chunk_size=1000):
        move = move_of(service_request, before=before, after=after, now=now)
        if move:
            yield move
