"""Which dates a closure of the town hall would move, without moving any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prestations.calendars import PARIS, WorkingCalendar, carried_over
from prestations.enums import DelayUnit
from prestations.models import Closure
from requests import deadlines
from requests.models import ServiceRequest
from requests.querysets import ServiceRequestQuerySet


@dataclass(frozen=True)
class Move:
    """One request and its dates in the new calendar."""

    request: ServiceRequest
    due_from: datetime
    due_at: datetime
    owed_from: datetime | None
    owed_at: datetime | None

    @property
    def is_later(self) -> bool:
        """Whether the citizen's answer is due later."""
        return self.due_at > self.due_from

    @property
    def of_department(self) -> bool:
        """Whether the department owes its conclusion later."""
        return self.owed_at != self.owed_from

    @property
    def is_told(self) -> bool:
        """Whether its requester learns it: a day was promised, and the clock runs."""
        return self.is_later and self.request.paused_at is None


def touched(closure: Closure) -> ServiceRequestQuerySet:
    """Open requests without an answer yet that are due on the first closed day or after."""
    first = datetime.combine(closure.start, datetime.min.time(), tzinfo=PARIS)
    waiting = ServiceRequest.objects.open().filter(answered_at=None, due_at__gte=first)
    return waiting.select_related("prestation").order_by("due_at", "pk")


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
    due_at, owed = service_request.due_at, service_request.department_due_at
    _value, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
    if unit == DelayUnit.WORKING_DAYS and service_request.interim_sent_at is None:
        due_at = carried_over(due_at, since, before, after)
    if owed is not None and owed > now:
        owed = carried_over(owed, since, before, after)
        if due_at > now:
            owed = min(owed, due_at)
    move = Move(
        request=service_request,
        due_from=service_request.due_at,
        due_at=due_at,
        owed_from=service_request.department_due_at,
        owed_at=owed,
    )
    return move if move.is_later or move.of_department else None


def moves(
    closure: Closure, *, before: WorkingCalendar, after: WorkingCalendar, now: datetime
) -> Iterator[Move]:
    """Yield what `closure` would move, the nearest date first."""
    for service_request in touched(closure).iterator(chunk_size=1000):
        move = move_of(service_request, before=before, after=after, now=now)
        if move:
            yield move
