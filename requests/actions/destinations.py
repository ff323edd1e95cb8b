"""Giving a request to whom the rules name; and to the front office's manager what they cannot."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from massy_grc.users.models import User
from prestations.calendars import town_calendar
from prestations.models import Department
from requests.actions.clockwork import alert_about, locked
from requests.actions.core import (
    hold_for_department,
    record,
    release_from_department,
)
from requests.actions.routing import switch_off_senseless
from requests.enums import PAUSED_STATES, AlertKind, State, Verb
from requests.models import ServiceRequest
from requests.notifications.recipients import supervisors
from requests.permissions import scope_of
from requests.querysets import ServiceRequestQuerySet
from requests.routing.deciding import Destination, decide
from requests.routing.people import manager_among

MAX_MOVES = 4  # from department to department and back: three of them have said no
MOVES = (Verb.TRANSFER, Verb.RETURN)
ABOUT = 40  # characters of `Alert.about`


def send_on(service_request: ServiceRequest, now: datetime) -> Destination:
    """Give the request to whom the rules name and return where and why, for the event.

    Rules that hold and make no sense any more are switched off on the way. Where the catalogue
    leads to a closed department, the front office's manager gets it.
    """
    _let_go(service_request)
    destination = decide(service_request, now=now)
    for rule_id, why in destination.senseless:
        switch_off_senseless(rule_id=rule_id, why=why, now=now)
    if destination.team:
        service_request.team = destination.team
    if destination.department:
        hold_for_department(service_request, destination.department, now, town_calendar())
        service_request.assignee = destination.assignee
    elif destination.closed_department:
        destination = destination.instead(_give_to_manager(service_request, now))
    elif destination.assignee:
        service_request.assignee = service_request.front_agent = destination.assignee
    return destination


def alert_dead_end(
    service_request: ServiceRequest, destination: Destination, now: datetime
) -> None:
    """Tell the manager of a request that could go nowhere; after its event."""
    if destination.closed_department:
        _alert(service_request, f"closed:{destination.closed_department}", now)


def goes_round(service_request: ServiceRequest) -> bool:
    """Whether one more move is one too many; one put back at once and its return are none."""
    moves = service_request.events.filter(verb__in=MOVES)
    counts = moves.aggregate(made=Count("pk"), back=Count("pk", filter=Q(data__has_key="undoes")))
    return counts["made"] - 2 * counts["back"] >= MAX_MOVES


def stop_going_round(
    service_request: ServiceRequest, verb: Verb, actor, now: datetime, **data
) -> None:
    """End a move with the front office's manager instead of one more department."""
    manager = _give_to_manager(service_request, now)
    record(
        service_request,
        verb,
        actor=actor,
        to=State.EN_COURS,
        now=now,
        data={**data, "moves": MAX_MOVES + 1, "assignee": manager.pk if manager else None},
    )
    _alert(service_request, "loop", now)


@transaction.atomic
def recall_request(*, request_id: int, now: datetime | None = None) -> ServiceRequest | None:
    """Take a request from a department that has closed; a task's verb.

    It goes to the department's successor, else back to the front office's manager.
    Whoever it waits for meanwhile (the requester, a third party) is still waited for.

    Returns:
        None when it is no longer there, or the department is open again.
    """
    now = now or timezone.now()
    service_request = locked(request_id)
    if service_request is None or not _held().filter(pk=request_id).exists():
        return None
    department = service_request.department_id
    if heir := open_successor(service_request.department):
        hold_for_department(service_request, heir, now, town_calendar())
        moved = {"department": heir.pk, "from_department": department, "successor_of": department}
        record(service_request, Verb.TRANSFER, now=now, data=moved)
        return service_request
    manager = _give_to_manager(service_request, now)
    record(
        service_request,
        Verb.RETURN,
        to=State.EN_COURS if service_request.state == State.TRANSMISE else None,
        now=now,
        data={
            "department": department,
            "closed_department": department,
            "assignee": manager.pk if manager else None,
        },
    )
    _alert(service_request, f"closed:{department}", now)
    return service_request


def open_successor(department: Department | None) -> Department | None:
    """Return who takes on the work of a closed department; None: the front office."""
    heir = department.successor if department else None
    return heir if heir is not None and heir.is_active else None


def stranded_requests(*, limit: int) -> list[int]:
    """Return the ids of requests that closed departments hold, oldest first."""
    rows = _held().order_by("arrived_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _held() -> ServiceRequestQuerySet:
    """What closed departments work on, or would once what it waits for has come."""
    return ServiceRequest.objects.leading().filter(
        state__in=(State.TRANSMISE, State.ATTENTE_TIERS, *PAUSED_STATES),
        department_since__isnull=False,
        department__is_active=False,
    )


def _let_go(service_request: ServiceRequest) -> None:
    """Whoever filed or sorted it without being named for its prestation follows it no further."""
    code = service_request.prestation_id
    if scope_of(service_request.front_agent).is_closed(code):
        service_request.front_agent = None
    if scope_of(service_request.assignee).is_closed(code):
        service_request.assignee = None


def _give_to_manager(service_request: ServiceRequest, now: datetime) -> User | None:
    """The front office holds it again, in its manager's name when there is one."""
    release_from_department(service_request)
    service_request.department = None
    manager = manager_among(supervisors(service_request), service_request.prestation, now)
    if manager is not None:
        service_request.assignee = service_request.front_agent = manager
    return manager


def _alert(service_request: ServiceRequest, about: str, now: datetime) -> None:
    alert_about(service_request, kind=AlertKind.MISROUTED, about=about[:ABOUT], now=now)
