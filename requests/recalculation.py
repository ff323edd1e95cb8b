"""Which dates a closure of the town hall would move, without moving any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from prestations.calendars import WorkingCalendar, carried_over, midnight
from prestations.enums import DelayUnit
from prestations.models import Closure
from requests import deadlines
from requests.models import OWED_DATES, ServiceRequest
from requests.querysets import ServiceRequestQuerySet


@dataclass(frozen=True)
class Move:
    """One request and its dates in the new calendar."""

    request: ServiceRequest
    due_from: datetime
    due_at: datetime
    owed: dict[str, datetime]  # by field: those the town owes inside that come later

    @property
    def is_later(self) -> bool:
        """Whether the citizen's answer is due later."""
        return self.due_at > self.due_from

    @property
    def of_department(self) -> bool:
        """Whether the department owes its conclusion later."""
        return "department_due_at" in self.owed

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
    waiting = ServiceRequest.objects.open().filter(owing, answered_at=None)
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
    due_at, owed = service_request.due_at, {}
    _value, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
    if unit == DelayUnit.WORKING_DAYS and service_request.interim_sent_at is None:
        due_at = carried_over(due_at, since, before, after)
    for name, moment in service_request.owed_dates.items():
        if moment <= now:
            continue
        later = carried_over(moment, since, before, after)
        if due_at > now:
            later = min(later, due_at)
        if later != moment:
            owed[name] = later
    move = Move(
        request=service_request,
        due_from=service_request.due_at,
        due_at=due_at,
        owed=owed,
    )
    return move if move.is_later or owed else None


def moves(
    closure: Closure, *, before: WorkingCalendar, after: WorkingCalendar, now: datetime
) -> Iterator[Move]:
    """Yield what `closure` would move, the nearest date first."""
    for service_request in touched(closure).iterator(chunk_size=1000):
        move = move_of(service_request, before=before, after=after, now=now)
        if move:
            yield move
