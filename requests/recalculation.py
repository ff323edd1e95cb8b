"""Which dates a closure of the town hall, added or removed, would move, without moving any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from prestations.calendars import WorkingCalendar, carried_over, midnight, town_calendar
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
    owed: dict[str, datetime]  # by field: those the town owes inside that move
    tasks: dict[Task, dict[str, datetime]]  # likewise, of the departments at work beside

    @property
    def is_moved(self) -> bool:
        """Whether the citizen's answer is due on another day."""
        return self.due_at != self.due_from

    @property
    def of_department(self) -> bool:
        """Whether the department owes its conclusion on another day."""
        return "department_due_at" in self.owed

    @property
    def moved_tasks(self) -> list[Task]:
        """The tasks that departments give back on another day."""
        return [task for task, dates in self.tasks.items() if "due_at" in dates]

    @property
    def is_told(self) -> bool:
        """Whether its requester learns it: a day that was promised comes later."""
        return self.is_moved and is_promised(self.request)


def is_promised(service_request: ServiceRequest) -> bool:
    """Whether the requester holds a day in writing: its own, and its clock runs.

    While the clock is stopped no day is promised: another is told when it runs again.
    """
    return not (service_request.paused_at or service_request.merged_into_id)


def added_by_deciding(closure: Closure, today: date) -> bool | None:
    """Return what a decision on this closure of the whole town would do to the delays.

    Returns:
        True: leave its days out; False: count them again; None: there is nothing to decide, since
        it is over, or the file names it and delays follow it.
    """
    if closure.end < today:
        return None
    if closure.removed_at is None and not closure.counted:
        return True
    taken_out = closure.removed_at is not None or closure.added_by_id is not None
    return False if closure.counted and taken_out else None


def may_move(closure: Closure, today: date) -> bool:
    """Whether the days of this closure of the whole town may be changed: an administrator's own.

    A file's are changed in the file, and what waits is decided first.
    """
    own = closure.added_by_id is not None and closure.removed_at is None
    return own and closure.counted and closure.end >= today


def calendars_of(
    closure: Closure, *, adds: bool, instead_of: Closure | None = None
) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the calendar that delays follow, and the one with the closure added or removed.

    Args:
        instead_of: the closure whose place an added one takes.
    """
    if adds:
        without = instead_of.pk if instead_of else None
        return town_calendar(), town_calendar(closure, without=without)
    return town_calendar(), town_calendar(without=closure.pk)


def first_day(closure: Closure, instead_of: Closure | None = None) -> date:
    """Return the first day that is counted otherwise."""
    return min(closure.start, instead_of.start) if instead_of else closure.start


def touched(since: date) -> ServiceRequestQuerySet:
    """Open requests without an answer that owe something on that day or after."""
    first = midnight(since)
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
    A day that was promised never comes earlier: its requester holds it in writing.
    """
    since = service_request.paused_at or now
    due_at = service_request.due_at
    _value, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
    if unit == DelayUnit.WORKING_DAYS and service_request.interim_sent_at is None:
        carried = carried_over(due_at, since, before, after)
        if carried > due_at or not is_promised(service_request):
            due_at = carried

    def moved(dates: dict[str, datetime], since: datetime) -> dict[str, datetime]:
        """Those still to come that move, under the announced date."""
        found = {}
        for name, moment in dates.items():
            carried = carried_over(moment, since, before, after)
            if due_at > now:
                carried = min(carried, max(moment, due_at))
            if moment > now and carried != moment:
                found[name] = carried
        return found

    unfinished = [task for task in service_request.tasks.all() if task.ended_at is None]
    tasks = {task: moved(task.owed_dates, max(since, task.asked_at)) for task in unfinished}
    move = Move(
        request=service_request,
        due_from=service_request.due_at,
        due_at=due_at,
        owed=moved(service_request.owed_dates, since),
        tasks={task: dates for task, dates in tasks.items() if dates},
    )
    return move if move.is_moved or move.owed or move.tasks else None


def moves(
    closure: Closure, *, adds: bool, now: datetime, instead_of: Closure | None = None
) -> Iterator[Move]:
    """Yield what `closure`, added or removed, would move, the nearest date first.

    Args:
        instead_of: the closure whose place an added one takes.
    """
    before, after = calendars_of(closure, adds=adds, instead_of=instead_of)
    for service_request in touched(first_day(closure, instead_of)).iterator(chunk_size=1000):
        move = move_of(service_request, before=before, after=after, now=now)
        if move:
            yield move
