"""Verbs of work: who has the request, and where it stands inside the town hall."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.users.models import User
from prestations.calendars import town_calendar
from prestations.models import Department
from requests.actions.clocks import clear_alerts, owed, reset_target
from requests.actions.core import (
    TAKEN_UP,
    drop_decision,
    hold_for_department,
    open_request,
    record,
    release_from_department,
    require,
    working_state,
)
from requests.actions.destinations import alert_dead_end, goes_round, send_on, stop_going_round
from requests.actions.exchange import ask_owed, keep_note
from requests.actions.mentions import keep_mentions, mentioned_in
from requests.enums import AlertKind, Outcome, State, Verb
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import InternalNote, ServiceRequest
from requests.permissions import Right, scope_of


@transaction.atomic
def route_request(*, request_id: int, now: datetime | None = None) -> ServiceRequest:
    """Send a new request where the town's rules say, else the catalogue's; a task's verb.

    A request already routed, or taken or closed meanwhile, is left as it is.
    """
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.ROUTE)
    if service_request.state != State.ENREGISTREE:
        return service_request
    destination = send_on(service_request, now)
    to = working_state(service_request)
    record(service_request, Verb.ROUTE, to=to, now=now, data=destination.as_data())
    ask_owed(service_request, None, now)
    alert_dead_end(service_request, destination, now)
    return service_request


def has_taken(service_request: ServiceRequest, user) -> bool:
    """Whether `take_request` by this person would change nothing."""
    if not scope_of(user).may(Right.FRONT_OFFICE):
        return service_request.assignee_id == user.pk
    of_department = service_request.department_since is not None
    return service_request.front_agent_id == user.pk and (
        of_department or service_request.assignee_id == user.pk
    )


@transaction.atomic
def take_request(*, request_id: int, version: int | None, actor, now=None) -> ServiceRequest:
    """Become the case officer. A department's request stays transmitted (DESIGN)."""
    now, data = now or timezone.now(), {"assignee": actor.pk}
    service_request = open_request(
        request_id=request_id, verb=Verb.TAKE, actor=actor, version=version
    )
    is_front = scope_of(actor).may(Right.FRONT_OFFICE)
    if is_front:
        service_request.front_agent = actor
    if not (service_request.department_since and is_front):
        data |= taken_in_department(service_request, now)
        service_request.assignee = actor
        clear_alerts(service_request, now, *TAKEN_UP)
    to = State.EN_COURS if service_request.state == State.ENREGISTREE else None
    record(service_request, Verb.TAKE, actor=actor, to=to, now=now, data=data)
    return service_request


def taken_in_department(service_request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """What the event keeps when a department takes what nobody there had: by when it owed it."""
    if service_request.department_since is None or service_request.assignee_id is not None:
        return {}
    taken = owed(service_request, "take_due_at", now)
    return {"department": service_request.department_id, **taken} if taken else {}


@transaction.atomic
def take_next_request(
    *, actor, among: QuerySet | None = None, now: datetime | None = None
) -> ServiceRequest | None:
    """Become the case officer of what is due first among what nobody has, at the actor's places.

    What a colleague is just taking is passed over: two at once never get the same one (R11).

    Args:
        among: the requests that it may be; all by default.

    Returns:
        The request; None when nothing waits.
    """
    waiting = ServiceRequest.objects.visible_to(actor).untaken_for(actor).running()
    if among is not None:
        waiting = waiting.filter(pk__in=among.order_by().values("pk"))
    rows = waiting.select_for_update(no_key=True, skip_locked=True, of=("self",))
    first = rows.order_by("due_at", "pk").first()
    if first is None:
        return None
    return take_request(request_id=first.pk, version=None, actor=actor, now=now)


@transaction.atomic
def assign_request(
    *, request_id: int, version: int | None, actor, assignee, now=None
) -> ServiceRequest:
    """Give the case to a colleague, who must have the right to work on it.

    Raises:
        NotAllowed: the colleague could not see or treat it.
    """
    service_request = open_request(
        request_id=request_id, verb=Verb.ASSIGN, actor=actor, version=version
    )
    now, data = now or timezone.now(), {"assignee": assignee.pk}
    scope = scope_of(assignee)
    if scope.is_closed(service_request.prestation_id):
        raise NotAllowed(_("Cette personne n’est pas nommée pour cette prestation."))
    is_expert_there = service_request.department_id in scope.departments
    if service_request.department_since:
        if not is_expert_there:
            raise NotAllowed(
                _("Cette personne ne travaille pas dans le service chargé du dossier.")
            )
        data |= taken_in_department(service_request, now)
        service_request.assignee = assignee
    else:
        if not scope.may(Right.FRONT_OFFICE):
            raise NotAllowed(_("Cette personne ne travaille pas à l'accueil."))
        service_request.assignee = service_request.front_agent = assignee
    clear_alerts(service_request, now, *TAKEN_UP)
    record(service_request, Verb.ASSIGN, actor=actor, now=now, data=data)
    return service_request


@transaction.atomic
def transfer_request(
    *, request_id: int, version: int | None, actor, department: Department, note: str = "", now=None
) -> ServiceRequest:
    """Hand the request to an expert department; the front office goes on following it (S27).

    One that goes round and round is handed to the front office's manager instead, who alone may
    send it on.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.TRANSFER, actor=actor, version=version
    )
    if not department.is_active:
        raise MissingInput(_("Ce service est fermé : choisissez-en un autre."))
    if service_request.department_since and service_request.department_id == department.pk:
        raise IllegalTransition(_("La demande est déjà dans ce service."))
    previous = service_request.department_id if service_request.department_since else None
    keep_note(service_request, actor, note, now)
    if goes_round(service_request) and not scope_of(actor).may(Right.SUPERVISE):
        moved = {"wanted": department.pk, "from_department": previous}
        stop_going_round(service_request, Verb.TRANSFER, actor, now, **moved)
        return service_request
    service_request.front_agent = service_request.front_agent or actor
    hold_for_department(service_request, department, now, town_calendar())
    to = None if service_request.state == State.TRANSMISE else State.TRANSMISE
    record(
        service_request,
        Verb.TRANSFER,
        actor=actor,
        to=to,
        now=now,
        data={"department": department.pk, "from_department": previous},
    )
    return service_request


@transaction.atomic
def return_request(
    *, request_id: int, version: int | None, actor, note: str, now=None
) -> ServiceRequest:
    """Give the request back to the front office without a conclusion, saying why.

    One that goes round and round comes to the front office's manager.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.RETURN, actor=actor, version=version
    )
    keep_note(
        service_request, actor, require(note, _("Dites pourquoi vous rendez la demande.")), now
    )
    returned = owed(service_request, "department_due_at", now)
    data = {"department": service_request.department_id, **returned}
    if goes_round(service_request):
        stop_going_round(service_request, Verb.RETURN, actor, now, **data)
        return service_request
    release_from_department(service_request)
    service_request.department = None
    record(
        service_request,
        Verb.RETURN,
        actor=actor,
        to=State.EN_COURS,
        now=now,
        data=data,
    )
    return service_request


@transaction.atomic
def treat_request(
    *, request_id: int, version: int | None, actor, conclusion: str, outcome: str, now=None
) -> ServiceRequest:
    """The department concludes; the front office will answer the citizen (S27)."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.TREAT, actor=actor, version=version
    )
    service_request.conclusion = require(
        conclusion, _("Écrivez la conclusion : l'accueil s'en servira pour répondre.")
    )
    service_request.conclusion_outcome = Outcome(outcome)
    department, expert = service_request.department_id, service_request.assignee_id
    returned = owed(service_request, "department_due_at", now)
    release_from_department(service_request)
    clear_alerts(service_request, now, AlertKind.EXPERT_LATE)
    record(
        service_request,
        Verb.TREAT,
        actor=actor,
        to=State.A_REPONDRE,
        now=now,
        data={"department": department, "expert": expert, "outcome": outcome, **returned},
    )
    return service_request


@transaction.atomic
def wait_third_party(
    *, request_id: int, version: int | None, actor, note: str = "", now=None
) -> ServiceRequest:
    """Wait for somebody outside the town hall; the clock runs on."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.WAIT_THIRD_PARTY, actor=actor, version=version
    )
    keep_note(service_request, actor, note, now)
    record(service_request, Verb.WAIT_THIRD_PARTY, actor=actor, to=State.ATTENTE_TIERS, now=now)
    return service_request


@transaction.atomic
def resume_request(*, request_id: int, version: int | None, actor, now=None) -> ServiceRequest:
    """Go on working after a wait, an appointment, an approval or a title not collected."""
    service_request = open_request(
        request_id=request_id, verb=Verb.RESUME, actor=actor, version=version
    )
    drop_decision(service_request, actor, now or timezone.now())
    record(service_request, Verb.RESUME, actor=actor, to=working_state(service_request), now=now)
    return service_request


@transaction.atomic
def set_appointment(
    *, request_id: int, version: int | None, actor, at: datetime, now=None
) -> ServiceRequest:
    """Note the appointment agreed with the requester.

    Raises:
        MissingInput: `at` is not in the future.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.SET_APPOINTMENT, actor=actor, version=version
    )
    if at is None or at <= now:
        raise MissingInput(_("Indiquez une date de rendez-vous à venir."))
    service_request.appointment_at = at
    record(
        service_request,
        Verb.SET_APPOINTMENT,
        actor=actor,
        to=State.RENDEZ_VOUS,
        now=now,
        data={"at": at.isoformat()},
    )
    return service_request


@transaction.atomic
def submit_approval(*, request_id: int, version: int | None, actor, now=None) -> ServiceRequest:
    """Send the file for approval or signature."""
    service_request = open_request(
        request_id=request_id, verb=Verb.SUBMIT_APPROVAL, actor=actor, version=version
    )
    record(service_request, Verb.SUBMIT_APPROVAL, actor=actor, to=State.A_VALIDER, now=now)
    return service_request


@transaction.atomic
def set_urgent(
    *, request_id: int, version: int | None, actor, urgent: bool, now=None
) -> ServiceRequest:
    """Say whether the prestation's urgent condition is met; the target follows."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.SET_URGENT, actor=actor, version=version
    )
    service_request.urgent = urgent
    reset_target(service_request, now)
    record(service_request, Verb.SET_URGENT, actor=actor, now=now, data={"urgent": urgent})
    return service_request


@transaction.atomic
def add_note(
    *, request_id: int, actor, body: str, people: Collection[User] = (), now=None
) -> InternalNote:
    """Write an internal note; it never leaves the town hall.

    Args:
        people: colleagues it is for, beside those written « @Prénom Nom » in it.

    Raises:
        MissingInput: nothing written, or somebody named who may not see the request.
    """
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.NOTE, actor=actor)
    body = require(body, _("Écrivez la note."))
    mentioned = mentioned_in(service_request, actor, body, people)
    note = InternalNote.objects.create(request=service_request, author=actor, body=body, at=now)
    data = {"note": note.pk, "mentioned": [one.pk for one in mentioned]}
    record(service_request, Verb.NOTE, actor=actor, now=now, data=data, quiet=True)
    keep_mentions(note, mentioned, now)
    return note
