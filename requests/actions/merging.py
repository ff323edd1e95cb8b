"""Two requests that ask the same: one follows the other, and is answered with it.

No row moves. The one that follows points to its lead; it keeps its own state, dates, messages and
reference, so that undoing a merge gives it back as it was.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import Location
from prestations.models import ClosingReason
from requests.actions.behalf import refuse_when_objected
from requests.actions.core import lock_in_order, open_request, record
from requests.actions.decisions import Letter, lead_to, send_answer, send_closing
from requests.actions.rights import may
from requests.enums import Outcome, State, Verb
from requests.exceptions import IllegalTransition, NotAllowed, RequestError
from requests.letters.composing import words_typed
from requests.models import Message, RequestEvent, ServiceRequest
from requests.shared_answers import same_person
from requests.workflow import SENDINGS


@transaction.atomic
def merge_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    other: ServiceRequest,
    now: datetime | None = None,
) -> ServiceRequest:
    """Let a request follow `other`, its lead; its requester is told, once for one lead.

    What two people report of one place may be one thing; what each asks for themselves never is,
    and is merged only where one person filed both.

    Raises:
        ServiceRequest.DoesNotExist: `other` is not to be known by `actor`.
        NotAllowed: they may not handle it.
        IllegalTransition: one of them is answered; `other` is over, follows another one itself,
            or is this one; or silence would decide this one first; or this one comes back by
            itself; or two people ask each for themselves.
    """
    now = now or timezone.now()
    lock_in_order(request_id, other.pk)
    service_request = open_request(
        request_id=request_id, verb=Verb.MERGE, actor=actor, version=version
    )
    lead = _lock(other.pk, actor)
    if lead.pk == service_request.pk:
        raise IllegalTransition(_("C’est la même demande : indiquez l’autre."))
    if not lead.is_open:
        raise IllegalTransition(_("L’autre demande est terminée : rouvrez-la, ou liez-les."))
    if lead.answered_at is not None:
        raise IllegalTransition(_("L’autre demande a déjà sa réponse : liez-les."))
    if service_request.answered_at is not None:
        raise IllegalTransition(_("Cette demande a déjà sa réponse : liez-les."))
    if lead.merged_into_id is not None:
        raise IllegalTransition(
            _("L’autre demande est déjà regroupée : choisissez celle qu’elle suit.")
        )
    if _silence_decides_before(service_request, lead):
        raise IllegalTransition(
            _("Le silence déciderait plus tôt de celle-ci : regroupez dans l’autre sens.")
        )
    if service_request.merged.filter(closed_at=None).exists():
        raise IllegalTransition(
            _("D’autres demandes suivent celle-ci : regroupez dans l’autre sens.")
        )
    if service_request.repeats:
        raise IllegalTransition(_("Cette demande revient d’elle-même : arrêtez d’abord cela."))
    placed = {service_request.prestation.location, lead.prestation.location}
    if Location.NONE in placed and not same_person(service_request, lead):
        raise IllegalTransition(
            _(
                "Ces demandes viennent de deux personnes et ne portent pas sur un lieu : chacune "
                "doit recevoir sa propre réponse. Liez-les seulement."
            )
        )
    service_request.merged_into = lead
    record(service_request, Verb.MERGE, actor=actor, now=now, data={"lead": lead.pk})
    record(lead, Verb.LEAD, actor=actor, now=now, data={"merged": service_request.pk}, quiet=True)
    return service_request


@transaction.atomic
def unmerge_request(
    *, request_id: int, version: int | None, actor=None, now: datetime | None = None
) -> ServiceRequest:
    """Give a request back its own life, as it stood; the system does it when the lead is given up.

    Raises:
        IllegalTransition: it follows no other.
    """
    now = now or timezone.now()
    lock_in_order(request_id)
    service_request = open_request(
        request_id=request_id, verb=Verb.UNMERGE, actor=actor, version=version
    )
    if service_request.merged_into_id is None:
        raise IllegalTransition
    lead = _lock(service_request.merged_into_id)
    service_request.merged_into = None
    record(service_request, Verb.UNMERGE, actor=actor, now=now, data={"lead": lead.pk})
    data = {"merged": service_request.pk, "undone": True}
    record(lead, Verb.LEAD, actor=actor, now=now, data=data, quiet=True)
    return service_request


def end_merged(event: RequestEvent) -> None:
    """The lead is over: each request that follows it gets its answer, or its own life back.

    So does one that the lead's letter does not fit: somebody answers it by hand.

    Called again for one event, it changes nothing: what is closed or given back is left alone.

    Args:
        event: the lead's closing, withdrawal or cancelling.
    """
    if event.request.is_open:  # reopened before its letter left: they go on following it
        return
    following = list(event.request.merged.filter(closed_at=None).values_list("pk", flat=True))
    lock_in_order(event.request_id, *following)
    for request_id in following:
        if event.verb == Verb.CLOSE and _answers_too(request_id, event):
            continue
        unmerge_request(request_id=request_id, version=None, now=event.at)


def _answers_too(request_id: int, closing: RequestEvent) -> bool:
    try:
        _answer_merged(request_id, closing)
    except RequestError:
        return False
    return True


@transaction.atomic
def _answer_merged(request_id: int, closing: RequestEvent) -> None:
    """Send the lead's last letters to a requester who was merged, under their own reference.

    Raises:
        IllegalTransition: they have their answer, have written since, or there is no letter.
    """
    merged = ServiceRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if merged.merged_into_id != closing.request_id or not merged.is_open:
        return
    answer = _answer_before(closing)
    answered, closed = _letter_of(answer), _letter_of(closing)
    if merged.answered_at is not None or _wrote_since(merged, closing):
        raise IllegalTransition
    if answered is None and closed is None:
        raise IllegalTransition
    merged.due_before = merged.due_at
    reason = ClosingReason.objects.get(pk=closing.data["reason"])
    refuse_when_objected(merged)
    lead_to(merged, State.CLOSE, closing.actor, closing.at)
    if answer is not None and answered is not None:
        send_answer(
            merged,
            actor=closing.actor,
            author=answered.author,
            letter=_letter_like(answered),
            outcome=Outcome(answer.data["outcome"]),
            closing_reason=reason,
            closes=closed is None,
            now=closing.at,
        )
    if closed is not None:
        send_closing(
            merged,
            actor=closing.actor,
            author=closed.author,
            letter=_letter_like(closed),
            closing_reason=reason,
            now=closing.at,
        )


def _wrote_since(merged: ServiceRequest, closing: RequestEvent) -> bool:
    """Whether its requester has sent something that nobody who closed the lead can have read."""
    sent = merged.events.filter(by_requester=True, verb__in=SENDINGS)
    return sent.filter(at__gt=closing.at).exists()


def _letter_of(event: RequestEvent | None) -> Message | None:
    if event is None:
        return None
    return Message.objects.filter(pk=event.data.get("message")).first()


def _answer_before(closing: RequestEvent) -> RequestEvent | None:
    """The answer that the lead's closing follows; one that said to come and collect was its own."""
    events = closing.request.events.standing().filter(number__lt=closing.number)
    last = events.filter(verb__in=(Verb.ANSWER, Verb.REOPEN)).last()
    if last is None or last.verb != Verb.ANSWER or last.to_state == State.A_RETIRER:
        return None
    return last


def _letter_like(message: Message) -> Letter:
    """The same letter for somebody else: of a template, only what its author typed in it."""
    return Letter(
        subject=message.subject,
        body=words_typed(message),
        template=message.template,
        fields=message.fields,
    )


def _lock(request_id: int, actor=None) -> ServiceRequest:
    rows = ServiceRequest.objects.select_for_update(no_key=True)
    lead = (rows.visible_to(actor) if actor is not None else rows).get(pk=request_id)
    if actor is not None and not may(lead, Verb.MERGE, actor):
        raise NotAllowed
    lead.due_before = lead.due_at
    return lead


def _silence_decides_before(one: ServiceRequest, other: ServiceRequest) -> bool:
    first, second = one.implicit_decision_at, other.implicit_decision_at
    return first is not None and (second is None or first < second)
