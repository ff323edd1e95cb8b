"""Handing over the files, promised calls and problems of somebody who leaves or moves."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.actions.clocks import clear_alerts
from requests.actions.core import open_request, record
from requests.enums import AlertKind, ProblemState, Verb
from requests.exceptions import IllegalTransition, NotAllowed
from requests.models import CallBack, Problem, ServiceRequest
from requests.permissions import Right, scope_of


class Promised(NamedTuple):
    """How many promised calls and followed problems were handed over."""

    calls: int = 0
    problems: int = 0


@transaction.atomic
def hand_over_request(
    *, request_id: int, actor, leaver, successor=None, now: datetime | None = None
) -> ServiceRequest:
    """Put `successor` wherever `leaver` stands on an open request: case officer, interlocutor.

    An administrator may do this without seeing what the request is about.

    Args:
        successor: None gives the request back to its department or team, for anyone to take.

    Raises:
        NotAllowed: no administrator acts, or the successor could not do the leaver's part.
        IllegalTransition: closed meanwhile, or no longer in the leaver's name.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    service_request = open_request(request_id=request_id, verb=Verb.ASSIGN)
    was_officer = service_request.assignee_id == leaver.pk
    was_interlocutor = service_request.front_agent_id == leaver.pk
    if not (was_officer or was_interlocutor):
        raise IllegalTransition(_("Cette demande n’est plus à son nom."))
    if successor is not None:
        check_successor(service_request, successor, was_officer, was_interlocutor)
    if was_officer:
        service_request.assignee = successor
        if successor is not None:
            clear_alerts(service_request, now or timezone.now(), AlertKind.UNASSIGNED)
    if was_interlocutor:
        service_request.front_agent = successor
    record(
        service_request,
        Verb.ASSIGN,
        actor=actor,
        now=now,
        data={"assignee": successor.pk if successor else None, "from": leaver.pk},
    )
    return service_request


@transaction.atomic
def hand_over_promises(*, actor, leaver, successor=None) -> Promised:
    """Give the calls that `leaver` promised and the problems they follow to `successor`.

    A call always has an owner: it stays where no successor could make it. A problem that the
    successor may not follow is nobody's, and stands so on the list of problems.

    Raises:
        NotAllowed: no administrator acts.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    heir = scope_of(successor)
    calls = 0
    if heir.may(Right.LOG_REQUEST):
        fit = CallBack.objects.visible_to(successor).waiting().filter(owner=leaver)
        calls = CallBack.objects.filter(pk__in=fit.values("pk")).update(
            owner=successor, reminded_at=None
        )
    owner = successor if heir.may(Right.HANDLE_COMPLAINTS) else None
    problems = Problem.objects.filter(owner=leaver, state=ProblemState.OPEN).update(
        owner=owner, version=F("version") + 1
    )
    return Promised(calls, problems)


def check_successor(
    service_request: ServiceRequest, successor, was_officer: bool, was_interlocutor: bool
) -> None:
    """Refuse somebody who could not do the part of a case officer or interlocutor.

    Raises:
        NotAllowed: as its message says.
    """
    scope = scope_of(successor)
    if scope.is_closed(service_request.prestation_id):
        raise NotAllowed(_("Cette personne n’est pas nommée pour cette prestation."))
    with_department = was_officer and service_request.department_since is not None
    if with_department and service_request.department_id not in scope.departments:
        raise NotAllowed(_("Cette personne ne travaille pas dans le service chargé du dossier."))
    at_front_office = was_interlocutor or not with_department
    if at_front_office and not scope.may(Right.FRONT_OFFICE):
        raise NotAllowed(_("Cette personne ne travaille pas à l'accueil."))
