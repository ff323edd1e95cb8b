"""Verbs of the end: the answer, the closing, and what may follow it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.words import date_words
from prestations.calendars import PARIS, town_calendar
from prestations.enums import Channel, SilenceEffect
from prestations.models import ClosingReason
from requests import deadlines
from requests.actions.behalf import refuse_when_objected
from requests.actions.core import (
    drop_decision,
    open_request,
    record,
    release_from_department,
    require,
)
from requests.actions.decisions import (
    Letter,
    needs_approval,
    needs_signature,
    propose_decision,
    says_delivered,
    send_answer,
    send_closing,
    send_ready,
)
from requests.actions.exchange import incoming, keep_note, outgoing
from requests.blocking import refuse_when_blocked
from requests.enums import OPEN_STATES, Outcome, State, Verb
from requests.exceptions import IllegalTransition
from requests.models import ServiceRequest

UNCOLLECTED = "non-retire"  # the closing reason of a document nobody came for
REOPEN_DAYS = 15  # how long the requester may say "not solved" after a closing


@transaction.atomic
def answer_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    body: str = "",
    outcome: str,
    subject: str = "",
    template: str = "",
    fields: Mapping[str, str] | None = None,
    closing_reason: ClosingReason | None = None,
    close: bool = True,
    now: datetime | None = None,
) -> ServiceRequest:
    """Send the final answer, and close unless something remains to be handed over.

    A refusal the authority signs waits for its signature instead, unless `actor` may sign it; a
    favourable answer for the head's approval, where the catalogue asks.

    Args:
        body: the answer in words; for a refusal, its reasons in fact and in law
            (CRPA L211-5): the letter adds the remedies.
        outcome: an `Outcome` code.
        template, fields: see `write_letter`.
        closing_reason: by default that of the outcome and the template (`usual_reason`).
        close: False when something remains to be handed over; a letter that says to come and
            collect then leads to that state, as `mark_ready` does. A favourable answer never
            closes while a fee or a signature is due.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.ANSWER, actor=actor, version=version
    )
    if service_request.answered_at is not None:
        raise IllegalTransition(
            _("La réponse est déjà partie : clôturez la demande, ou écrivez un message.")
        )
    outcome = Outcome(outcome)
    if outcome == Outcome.POSITIVE:
        refuse_when_objected(service_request)
        refuse_when_blocked(service_request, Verb.ANSWER, delivers=says_delivered(template))
    if not template:
        body = require(body, _("Écrivez la réponse."))
    letter = Letter(subject=subject, body=body, template=template, fields=fields or {})
    if outcome == Outcome.NEGATIVE:
        waits = needs_signature(service_request, template, actor)
    else:
        waits = needs_approval(service_request, actor)
    if waits:
        return propose_decision(
            service_request,
            Verb.ANSWER,
            actor=actor,
            letter=letter,
            outcome=outcome,
            closing_reason=closing_reason,
            closes=close,
            now=now,
        )
    return send_answer(
        service_request,
        actor=actor,
        author=actor,
        letter=letter,
        outcome=outcome,
        closing_reason=closing_reason,
        closes=close,
        now=now,
    )


@transaction.atomic
def close_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    closing_reason: ClosingReason,
    motive: str = "",
    subject: str = "",
    template: str = "",
    fields: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Close without a separate answer (handed over at the counter, duplicate, out of scope…).

    A closing that decides against the requester is a refusal: it waits for its signature where
    the authority signs, unless `actor` may sign it; a favourable one for the head's approval,
    where the catalogue asks. Without words nor template no letter leaves.

    Args:
        template, fields: see `write_letter`.

    Raises:
        MissingInput: a negative reason without a motive for the requester.
        IllegalTransition: said uncollected while it may still be collected.
        Blocked: a promised call was not made; favourable, while something is to be made sure of.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.CLOSE, actor=actor, version=version
    )
    if closing_reason.pk == UNCOLLECTED:
        _refuse_while_it_waits(service_request, now)
    if not closing_reason.positive:
        require(motive, _("Dites au demandeur pourquoi la demande est close."))
    elif service_request.answered_at is None:
        refuse_when_objected(service_request)
    refuse_when_blocked(
        service_request,
        Verb.CLOSE,
        favourable=closing_reason.positive,
        reason=closing_reason.pk,
    )
    letter = Letter(subject=subject, body=motive, template=template, fields=fields or {})
    if closing_reason.positive:
        waits = needs_approval(service_request, actor)
    else:
        waits = closing_reason.is_decision and needs_signature(service_request, template, actor)
    if waits:
        return propose_decision(
            service_request,
            Verb.CLOSE,
            actor=actor,
            letter=letter,
            outcome=Outcome.POSITIVE if closing_reason.positive else Outcome.NEGATIVE,
            closing_reason=closing_reason,
            closes=True,
            now=now,
        )
    return send_closing(
        service_request,
        actor=actor,
        author=actor,
        letter=letter,
        closing_reason=closing_reason,
        now=now,
    )


def _refuse_while_it_waits(service_request: ServiceRequest, now: datetime) -> None:
    """A document is uncollected only once its last day has passed (decree 55-1397 art. 5)."""
    last_day = service_request.awaited_until
    if service_request.state != State.A_RETIRER or last_day is None:
        raise IllegalTransition(_("Aucun document n’attend d’être retiré."))
    if now.astimezone(PARIS).date() <= last_day:
        raise IllegalTransition(
            _("Le document peut encore être retiré : au plus tard le %(day)s.")
            % {"day": date_words(last_day)}
        )


@transaction.atomic
def mark_ready(
    *,
    request_id: int,
    version: int | None,
    actor,
    template: str = "document-pret",
    fields: Mapping[str, str] | None = None,
    body: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """The document waits at the counter; the clock is stopped until it is collected.

    Args:
        template, fields: see `write_letter`; the usual place and hours without values.
        body: words added to the letter.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.READY, actor=actor, version=version
    )
    refuse_when_objected(service_request)
    refuse_when_blocked(service_request, Verb.READY)
    letter = Letter(body=body, template=template, fields=fields or {})
    if needs_approval(service_request, actor):
        return propose_decision(
            service_request,
            Verb.READY,
            actor=actor,
            letter=letter,
            outcome=Outcome.POSITIVE,
            closes=False,
            now=now,
        )
    return send_ready(service_request, actor=actor, author=actor, letter=letter, now=now)


@transaction.atomic
def reopen_request(
    *,
    request_id: int,
    version: int | None = None,
    actor=None,
    reason: str,
    by_requester: bool = False,
    now: datetime | None = None,
) -> ServiceRequest:
    """Open a closed request again, with a reason; a new target starts now.

    The requester may do it within `REOPEN_DAYS` days of the closing.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id,
        verb=Verb.REOPEN,
        actor=actor,
        version=version,
        by_requester=by_requester,
    )
    reason = require(reason, _("Dites ce qui n'est pas réglé."))
    if by_requester and not may_reopen(service_request, now):
        raise IllegalTransition(
            _("Cette demande est close depuis trop longtemps : faites une nouvelle demande.")
        )
    service_request.closed_at = service_request.answered_at = None
    service_request.closing_reason = service_request.merged_into = None
    service_request.forwarded_to = None
    service_request.reopened_count += 1
    release_from_department(service_request)
    calendar = town_calendar()
    service_request.due_at = deadlines.target_time(
        service_request.prestation, now, calendar, urgent=service_request.urgent
    )
    # the request has been answered: silence decides nothing any more
    service_request.silence_effect = SilenceEffect.NONE
    service_request.implicit_decision_at = service_request.legal_paused_at = None
    service_request.interim_sent_at = None
    service_request.interim_due_at = deadlines.interim_reply_time(now, None, calendar)
    service_request.conclusion = service_request.conclusion_outcome = ""
    if by_requester:
        message = incoming(service_request, reason, Channel.WEB, now)
    else:
        message = outgoing(service_request, actor, reason, now)
    record(
        service_request,
        Verb.REOPEN,
        actor=actor,
        by_requester=by_requester,
        to=State.EN_COURS,
        now=now,
        data={
            "message": message.pk if message else None,
            "count": service_request.reopened_count,
        },
    )
    return service_request


def may_reopen(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether the requester may still say that the problem is not solved."""
    closed_at = service_request.closed_at
    return (
        service_request.state == State.CLOSE
        and closed_at is not None
        and now - closed_at <= timedelta(days=REOPEN_DAYS)
    )


@transaction.atomic
def withdraw_request(
    *,
    request_id: int,
    by_requester: bool = True,
    actor=None,
    version: int | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """The requester gives up; nothing more will be done."""
    return _end(
        Verb.WITHDRAW,
        request_id,
        actor,
        version,
        by_requester and actor is None,
        "desistement",
        now,
    )


@transaction.atomic
def cancel_request(
    *, request_id: int, version: int | None, actor, reason: str, now: datetime | None = None
) -> ServiceRequest:
    """Cancel a request entered by mistake; a supervisor's act, with its reason as a note."""
    reason = require(reason, _("Dites pourquoi la demande est annulée."))
    service_request = _end(Verb.CANCEL, request_id, actor, version, False, None, now)
    keep_note(service_request, actor, reason, now or timezone.now())
    return service_request


def _end(verb, request_id, actor, version, by_requester, reason, now) -> ServiceRequest:
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=verb, actor=actor, version=version, by_requester=by_requester
    )
    if service_request.state not in OPEN_STATES:
        raise IllegalTransition
    drop_decision(service_request, actor, now)
    service_request.closed_at = now
    service_request.closing_reason_id = reason
    release_from_department(service_request)
    record(
        service_request,
        verb,
        actor=actor,
        by_requester=by_requester,
        to=State.ANNULEE,
        now=now,
        data={"reason": reason},
    )
    return service_request
