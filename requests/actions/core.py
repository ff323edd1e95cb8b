"""What every verb shares: the lock, the right, the transition, the clock, the event."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db.models import Func, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.text import fold, phone_digits
from massy_grc.outbox.api import publish
from prestations.agreements import agreement_of
from prestations.calendars import PARIS, WorkingCalendar
from requests import deadlines
from requests.actions.clocks import clear_alerts, follow_clock
from requests.actions.mentions import see_mentions
from requests.actions.rights import (
    DECIDING,
    REQUESTER_VERBS,
    acting_for,
    awaited_words,
    awaits_signature,
    may,
    may_validate,
    unlawful,
    working_on,
)
from requests.actions.waking import see_back, wakes
from requests.enums import (
    AlertKind,
    State,
    Verb,
)
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, StaleRequest
from requests.models import RequestEvent, ServiceRequest
from requests.workflow import FIRST_WORDS, SENDINGS, TRANSITIONS, unread_since

# what somebody who takes the request, or gives it to somebody, puts right
TAKEN_UP = (AlertKind.UNASSIGNED, AlertKind.MISROUTED)

_reads: ContextVar[bool] = ContextVar("reads", default=True)


@contextmanager
def from_a_list() -> Iterator[None]:
    """What is done meanwhile is done without the page of the request: no message, no mention on it
    is read by it.
    """
    token = _reads.set(False)
    try:
        yield
    finally:
        _reads.reset(token)


def drop_decision(service_request: ServiceRequest, actor, now: datetime) -> None:
    """Take back an answer that waits for its approval: something else happens instead."""
    service_request.proposed_decisions.filter(decided_at=None).update(
        decided_at=now, decided_by=actor, approved=False
    )


def lock_in_order(*request_ids: int) -> None:
    """Lock requests, and those they follow, the lower key first: two acts on a pair never wait
    for each other.

    Whoever locks more than one request does it by this, before anything else.
    """
    followed = ServiceRequest.objects.filter(pk__in=request_ids, merged_into__isnull=False)
    leads = [lead for lead in followed.values_list("merged_into", flat=True) if lead]
    rows = ServiceRequest.objects.select_for_update(no_key=True).filter(
        pk__in=[*request_ids, *leads]
    )
    list(rows.order_by("pk").values_list("pk", flat=True))


def open_request(
    *, request_id: int, verb: Verb, actor=None, version: int | None = None, by_requester=False
) -> ServiceRequest:
    """Lock the request and check right, version and state. Runs inside the verb's `atomic`.

    Without `actor` and `by_requester` the act is the system's own (a task): no right is asked.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not to be known by `actor`.
        NotAllowed, StaleRequest, IllegalTransition: as their messages say.
    """
    if actor is None and verb in SENDINGS:  # what its requester sends is told to its lead
        lock_in_order(request_id)
    locked = ServiceRequest.objects.select_for_update(no_key=True, of=("self",))
    if actor is not None:
        locked = locked.visible_to(actor)
    service_request = locked.select_related("prestation", "department", "team").get(pk=request_id)
    if actor is not None and not may(service_request, verb, actor):
        raise NotAllowed
    if by_requester and verb not in REQUESTER_VERBS:
        raise NotAllowed
    if version is not None and service_request.version != version:
        raise StaleRequest
    if refusal := unlawful(service_request, verb, by_person=actor is not None or by_requester):
        raise refusal
    if verb in DECIDING and awaits_signature(service_request):
        raise IllegalTransition(
            _(
                "Une réponse attend d’être approuvée. Pour répondre autrement, reprenez d’abord le "
                "traitement : cette réponse sera retirée."
            )
        )
    if verb in DECIDING and actor is not None and not may_validate(service_request, actor):
        raise IllegalTransition(
            _(
                "La demande attend une validation : un responsable qui ne l’a pas soumise répond. "
                "Pour répondre vous-même, reprenez d’abord le traitement."
            )
        )
    if verb in DECIDING and actor is not None and working_on(service_request):
        raise IllegalTransition(awaited_words(service_request))
    service_request.due_before = service_request.due_at  # `record` tells when a verb moves it
    if actor is not None:
        service_request.acting_for = acting_for(service_request, verb, actor)
    return service_request


def record(
    service_request: ServiceRequest,
    verb: Verb,
    *,
    actor=None,
    by_requester: bool = False,
    to: State | None = None,
    now: datetime | None = None,
    data: dict | None = None,
    quiet: bool = False,
    last_day: date | None = None,
    back_from: str = "",
) -> RequestEvent:
    """Write the row, append the event and publish it: the end of every verb.

    Args:
        service_request: locked by the caller, its other fields already changed.
        verb: what was done; the event's kind and the topic ``request.<verb>``.
        to: the next state; None keeps it.
        data: codes, ids and dates about the act; never free personal text.
        quiet: an act of the system that changes nothing a form shows (an alert, a receipt):
            the version stays, so that an agent's open page is not refused for it.
        last_day: to collect the document, where its letter names one.
        back_from: the state that an undone act had led to; the row is restored already.

    Raises:
        IllegalTransition: when the table does not let `to` follow the current state.
    """
    now = now or timezone.now()
    reads = actor is not None and _reads.get()
    from_state = back_from or service_request.state
    if to is not None and to != from_state:
        if from_state and to not in TRANSITIONS[State(from_state)]:
            raise IllegalTransition
        service_request.state = to
        follow_clock(service_request, from_state, now, last_day)
    service_request.unread_since = unread_since(
        service_request.unread_since,
        verb,
        now,
        by_agent=reads,
        by_requester=by_requester,
    )
    if verb in FIRST_WORDS and service_request.first_answered_at is None:
        service_request.first_answered_at = now
        clear_alerts(service_request, now, AlertKind.FIRST_ANSWER_LATE)
    awake = wakes(service_request, verb, actor, by_requester=by_requester, now=now)
    data = {**(data or {}), **_moved_date(service_request)}
    if service_request.acting_for:
        data["acting_for"] = service_request.acting_for
    if not quiet:
        service_request.version += 1
    service_request.event_count += 1
    _save(service_request)
    event = RequestEvent.objects.create(
        request=service_request,
        number=service_request.event_count,
        verb=verb,
        at=now,
        actor=actor,
        by_requester=by_requester,
        from_state=from_state,
        to_state=service_request.state,
        data=data,
    )
    if reads:  # who acts on it has its page before them
        see_mentions(service_request=service_request, user=actor, now=now)
    if actor is not None:
        see_back(service_request, actor, now)
    publish(
        f"request.{verb}",
        key=f"request.{verb}:{event.pk}",
        request_id=service_request.pk,
        event_id=event.pk,
    )
    if awake:
        record(service_request, Verb.WAKE, now=now, data=awake, quiet=True)
    if by_requester and verb in SENDINGS and service_request.merged_into_id is not None:
        _pass_on(service_request.merged_into_id, service_request.pk, now)
    return event


def _pass_on(lead_id: int, merged_id: int, now: datetime) -> None:
    """What comes in on a merged request is unread on its lead, for whoever handles that.

    A lead that is over tells nobody: the message is found when its answer is passed on.
    """
    lead = ServiceRequest.objects.select_for_update(no_key=True).get(pk=lead_id)
    if not lead.is_open:
        return
    lead.due_before = lead.due_at
    data = {"merged": merged_id}
    record(lead, Verb.RECEIVE_MERGED, by_requester=True, now=now, data=data)


def _moved_date(service_request: ServiceRequest) -> dict:
    """What an event says when the date announced to the requester moved with the act."""
    before = service_request.due_before
    service_request.due_before = service_request.due_at
    after = service_request.due_at
    if before is None or before.astimezone(PARIS).date() == after.astimezone(PARIS).date():
        return {}
    return {"due_from": before.isoformat(), "due_to": after.isoformat()}


def _save(service_request: ServiceRequest) -> None:
    """Write every column but the search text, which `refresh_search` owns."""
    if service_request.pk is None:
        service_request.save(force_insert=True)
        return
    fields = service_request._meta.concrete_fields
    service_request.save(
        update_fields=[f.name for f in fields if not f.primary_key and f.name != "search_vector"]
    )


def hold_for_department(
    service_request: ServiceRequest, department, now: datetime, calendar: WorkingCalendar
) -> None:
    """Give the request to a department: it owes its conclusion from now on."""
    service_request.department = department
    service_request.department_since = now
    agreed = agreement_of(service_request.prestation, department)
    due_at = service_request.due_at
    service_request.department_due_at = deadlines.department_due(
        agreed.treat_days, now, due_at, calendar
    )
    service_request.take_due_at = deadlines.agreed_by(agreed.take_days, now, due_at, calendar)
    if service_request.first_answered_at is None:
        service_request.first_answer_due_at = deadlines.agreed_by(
            agreed.first_answer_days, service_request.arrived_at, due_at, calendar
        )
    service_request.assignee = None
    if service_request.pk:
        clear_alerts(service_request, now, AlertKind.EXPERT_LATE, *TAKEN_UP)


def release_from_department(service_request: ServiceRequest) -> None:
    """The department has handed the request back; the front office holds it again."""
    clear_alerts(service_request, timezone.now(), AlertKind.EXPERT_LATE)
    service_request.department_since = None
    service_request.department_due_at = service_request.take_due_at = None
    service_request.assignee = service_request.front_agent


def working_state(service_request: ServiceRequest) -> State:
    """Where work goes on after a pause: with the department, or at the front office."""
    return State.TRANSMISE if service_request.department_since else State.EN_COURS


def require(text: str, message) -> str:
    """Return `text` stripped.

    Raises:
        MissingInput: when nothing is left, with `message`.
    """
    text = (text or "").strip()
    if not text:
        raise MissingInput(message)
    return text


def refresh_search(service_request: ServiceRequest) -> None:
    """Rebuild the folded text the search box looks in."""
    words = [
        service_request.reference,
        service_request.subject,
        service_request.requester_name,
        service_request.place,
        service_request.requester_address,
        phone_digits(service_request.requester_phone),
    ]
    if concerned := getattr(service_request, "concerned", None):
        words.append(concerned.name)
    numbers = service_request.rekeyings.standing().values_list("number", flat=True)
    words += [re.sub(r"[\W_]+", " ", number) for number in numbers]
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        search_vector=Func(Value("simple"), Value(fold(" ".join(words))), function="to_tsvector")
    )
