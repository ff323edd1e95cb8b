"""Taking back an act that left nothing: who had the request has it again, its urgency as before.

The log only grows: what is put back is one more act in it, by its own verb, that says which one it
undoes.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from massy_grc.users.models import User
from prestations.models import Department
from requests.actions.clocks import reset_target
from requests.actions.core import open_request, record
from requests.actions.handover import check_successor
from requests.enums import State, Verb
from requests.exceptions import MissingInput
from requests.models import Alert, RequestEvent, ServiceRequest
from requests.models.request import OWED_DATES
from requests.workflow import TRANSITIONS

PEOPLE = ("assignee_id", "front_agent_id")
DATES = ("department_since", *OWED_DATES)
Standing = dict[str, Any]


def standing_of(service_request: ServiceRequest) -> Standing:
    """Return, as JSON, what `put_back` needs of a request that is about to change hands."""
    names = ("state", "urgent", "department_id", *PEOPLE)
    dates = {name: getattr(service_request, name) for name in DATES}
    return {
        **{name: getattr(service_request, name) for name in names},
        **{name: moment and moment.isoformat() for name, moment in dates.items()},
    }


def may_return(before: str, after: str) -> bool:
    """Whether a request that was led from one state to another may be led back."""
    return before == after or State(before) in TRANSITIONS[State(after)]


@transaction.atomic
def put_back(
    *,
    request_id: int,
    version: int,
    actor,
    undoes: int,
    before: Standing,
    now: datetime | None = None,
) -> ServiceRequest:
    """Undo a taking, an assignment, a transfer or a change of urgency that nothing followed.

    The right is that of the act. Alerts that it took off the queue stand again.

    Args:
        version: as the act left it.
        undoes: the number of its event.
        before: what `standing_of` told of the request then.

    Raises:
        NotAllowed, MissingInput: whoever had it could not have it any more.
        IllegalTransition: no way leads back to its state.
        StaleRequest: something has followed.
    """
    now = now or timezone.now()
    act = RequestEvent.objects.get(request=request_id, number=undoes)
    service_request = open_request(
        request_id=request_id, verb=Verb(act.verb), actor=actor, version=version
    )
    left = service_request.department_id
    if act.verb == Verb.SET_URGENT:
        verb, data = Verb.SET_URGENT, _calm_again(service_request, before, now)
    else:
        _give_back(service_request, before)
        verb, data = _back_by(act, service_request, left)
    Alert.objects.filter(request=service_request, cleared_at=act.at).update(cleared_at=None)
    record(
        service_request,
        verb,
        actor=actor,
        to=State(before["state"]),
        now=now,
        data={**data, "undoes": undoes},
    )
    return service_request


def _calm_again(service_request: ServiceRequest, before: Standing, now: datetime) -> dict[str, Any]:
    """As urgent as it was; what is owed inside regains the days it lost."""
    service_request.urgent = before["urgent"]
    reset_target(service_request, now)
    for name in service_request.owed_dates:
        moment = parse_datetime(before[name] or "")
        if moment is not None:
            setattr(service_request, name, min(moment, service_request.due_at))
    return {"urgent": service_request.urgent}


def _give_back(service_request: ServiceRequest, before: Standing) -> None:
    """Who had it has it again, by the dates that held then."""
    changed = {name: before[name] != getattr(service_request, name) for name in PEOPLE}
    for name in (*PEOPLE, "department_id"):
        setattr(service_request, name, before[name])
    for name in DATES:
        setattr(service_request, name, parse_datetime(before[name] or ""))
    department = Department.objects.filter(pk=before["department_id"]).first()
    if department is not None and service_request.department_since and not department.is_active:
        raise MissingInput(_("Le service qui l’avait est fermé."))
    for name in PEOPLE:
        if before[name] and changed[name]:
            person = User.objects.get(pk=before[name])
            officer = name == "assignee_id"
            check_successor(service_request, person, officer, not officer)


def _back_by(
    act: RequestEvent, service_request: ServiceRequest, left: str | None
) -> tuple[Verb, dict[str, Any]]:
    """The verb that leads back, and what its event says."""
    if act.verb != Verb.TRANSFER:
        return Verb.ASSIGN, {"assignee": service_request.assignee_id}
    if service_request.department_since is None:
        return Verb.RETURN, {"department": left}
    return Verb.TRANSFER, {"department": service_request.department_id, "from_department": left}
