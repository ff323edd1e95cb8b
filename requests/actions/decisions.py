"""Decisions that leave, and those that wait for their signature first (CRPA L212-1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import LetterUse
from prestations.models import ClosingReason, LetterTemplate
from requests.actions.behalf import refuse_when_objected
from requests.actions.clocks import clear_alerts
from requests.actions.core import (
    drop_decision,
    open_request,
    record,
    release_from_department,
    require,
)
from requests.actions.exchange import keep_note
from requests.actions.letters import draft_letter, last_day_of, write_letter
from requests.actions.rights import decides
from requests.blocking import refuse_when_blocked, still_due
from requests.enums import Outcome, State, Verb
from requests.exceptions import IllegalTransition, NotAllowed
from requests.models import ProposedDecision, ServiceRequest
from requests.shared_answers import refuse_when_naming
from requests.signing import (
    authority_signs,
    heads_department,
    is_approved,
    may_sign,
    named_on,
)
from requests.workflow import TRANSITIONS

USUAL_REASON = {Outcome.POSITIVE: "satisfaite", Outcome.NEGATIVE: "refusee"}
DELIVERED = "document-remis"
# What a favourable letter says has been done is why the request is closed.
REASON_OF_TEMPLATE = {
    "intervention-realisee": "intervention-realisee",
    "document-expedie": DELIVERED,
    "document-remis": DELIVERED,
    "reponse-information": "information-donnee",
    "reponse-probleme": "information-donnee",
}


@dataclass(frozen=True)
class Letter:
    """What an agent wrote: words, and the template they stand in, if any."""

    subject: str = ""
    body: str = ""
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def needs_signature(service_request: ServiceRequest, template: str, actor) -> bool:
    """Whether a refusal written by `actor` has to wait for somebody's signature."""
    return authority_signs(service_request.prestation, template) and not may_sign(
        service_request, actor, template
    )


def needs_approval(service_request: ServiceRequest, actor) -> bool:
    """Whether a favourable answer of `actor` waits for the head of the department."""
    return bool(
        service_request.prestation.approval
        and not heads_department(service_request, actor)
        and not is_approved(service_request)
    )


def propose_decision(
    service_request: ServiceRequest,
    verb: Verb,
    *,
    actor,
    letter: Letter,
    outcome: Outcome = Outcome.NEGATIVE,
    closing_reason: ClosingReason | None = None,
    closes: bool,
    now: datetime,
) -> ServiceRequest:
    """Keep an answer until it is signed or approved; nothing leaves.

    A favourable one that no department has had goes before the head of the prestation's own.
    """
    if outcome == Outcome.POSITIVE and service_request.department_id is None:
        service_request.department = service_request.prestation.expert_department
    decision = ProposedDecision.objects.create(
        request=service_request,
        author=actor,
        verb=verb,
        outcome=outcome,
        subject=letter.subject,
        body=letter.body.strip(),
        template=letter.template,
        fields=dict(letter.fields),
        closing_reason=closing_reason,
        closes=closes,
        proposed_at=now,
    )
    _check(decision, service_request, now)
    lead_to(service_request, State.A_VALIDER, actor, now)
    record(
        service_request,
        Verb.SUBMIT_APPROVAL,
        actor=actor,
        to=State.A_VALIDER,
        now=now,
        data={"decision": decision.pk, "outcome": outcome},
    )
    return service_request


@transaction.atomic
def sign_decision(
    *, decision_id: int, version: int | None, actor, now: datetime | None = None
) -> ServiceRequest:
    """Let an answer leave: it is signed, sent, and the request closed as its author wished.

    Args:
        actor: who approves; None only to show what would leave.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=_request_of(decision_id), verb=Verb.SIGN, actor=actor, version=version
    )
    decision = _undecided(decision_id)
    _check_who(service_request, decision, actor)
    if decision.is_favourable:
        refuse_when_objected(service_request)
    refuse_when_blocked(
        service_request,
        Verb(decision.verb),
        delivers=says_delivered(decision.template),
        favourable=decision.is_favourable,
        reason=decision.closing_reason_id or "",
    )
    decision.decided_by, decision.decided_at, decision.approved = actor, now, True
    decision.save(update_fields=["decided_by", "decided_at", "approved"])
    data = {"decision": decision.pk, "outcome": decision.outcome}
    record(service_request, Verb.SIGN, actor=actor, now=now, data=data)
    return _carry_out(decision, service_request, actor, now)


@transaction.atomic
def send_back_decision(
    *, decision_id: int, version: int | None, actor, reason: str, now: datetime | None = None
) -> ServiceRequest:
    """Give an answer back to its author, saying why; the reason is an internal note."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=_request_of(decision_id), verb=Verb.SEND_BACK, actor=actor, version=version
    )
    decision = _undecided(decision_id)
    _check_who(service_request, decision, actor)
    keep_note(service_request, actor, require(reason, _("Dites ce qui est à corriger.")), now)
    drop_decision(service_request, actor, now)
    record(
        service_request,
        Verb.SEND_BACK,
        actor=actor,
        to=State.EN_COURS,
        now=now,
        data={"decision": decision.pk},
    )
    return service_request


def _request_of(decision_id: int) -> int:
    """The request of a decision: it is locked first, as by every verb."""
    return ProposedDecision.objects.values_list("request_id", flat=True).get(pk=decision_id)


def _check_who(service_request: ServiceRequest, decision: ProposedDecision, actor) -> None:
    if actor is not None and not decides(service_request, actor, decision):
        raise NotAllowed(
            _(
                "Le responsable du service décide, ou en son absence le superviseur, s’il n’a pas "
                "écrit la réponse."
            )
        )


def usual_reason(outcome: Outcome, template: str) -> ClosingReason:
    """The reason of closing that goes with an answer, unless its author chooses another."""
    code = USUAL_REASON[outcome]
    if outcome == Outcome.POSITIVE:
        code = REASON_OF_TEMPLATE.get(template, code)
    return ClosingReason.objects.get(pk=code)


def send_answer(
    service_request: ServiceRequest,
    *,
    actor,
    author,
    letter: Letter,
    outcome: Outcome,
    closing_reason: ClosingReason | None,
    closes: bool,
    now: datetime,
) -> ServiceRequest:
    """The answer leaves. `actor` lets it, `author` wrote it and has the file if nobody has.

    A letter that says to come and collect leaves the request waiting for that, unless it closes;
    one that was approved and closes nothing gives it back to work. Nothing closes while a
    promised call is to be made, nor a favourable one while something is due before the delivery.
    """
    refused = outcome == Outcome.NEGATIVE
    closes = closes and not still_due(service_request, favourable=not refused)
    refuse_when_naming(service_request, letter.subject, letter.body, *letter.fields.values())
    service_request.front_agent = service_request.front_agent or author
    message = write_letter(
        service_request,
        author,
        now,
        use=LetterUse.REFUSAL if refused else LetterUse.FAVOURABLE,
        refused=refused,
        signatory=named_on(service_request, letter.template, actor) if refused else None,
        **vars(letter),
    )
    service_request.answered_at = now
    clear_alerts(service_request, now)
    to = None
    if not closes and not refused and is_to_collect(letter.template):
        to = State.A_RETIRER
        lead_to(service_request, to, actor, now)
    elif not closes and service_request.state in (State.A_VALIDER, State.A_REPONDRE):
        to = State.EN_COURS
    record(
        service_request,
        Verb.ANSWER,
        actor=actor,
        to=to,
        now=now,
        data={"message": message.pk, "outcome": outcome},
        last_day=last_day_of(message),
    )
    if closes:
        reason = closing_reason or usual_reason(outcome, letter.template)
        end_with(service_request, actor, reason, now)
    return service_request


def send_ready(
    service_request: ServiceRequest, *, actor, author, letter: Letter, now: datetime
) -> ServiceRequest:
    """Tell the requester that the document waits for them. `actor` lets it, `author` wrote it."""
    message = write_letter(service_request, author, now, use=LetterUse.COLLECTION, **vars(letter))
    record(
        service_request,
        Verb.READY,
        actor=actor,
        to=State.A_RETIRER,
        now=now,
        data={"message": message.pk},
        last_day=last_day_of(message),
    )
    return service_request


def says_delivered(template: str) -> bool:
    """Whether a letter of this template says that what was asked for is handed over or sent."""
    return REASON_OF_TEMPLATE.get(template) == DELIVERED


def is_to_collect(template: str) -> bool:
    """Whether a letter of this template says to come and collect the document."""
    return LetterTemplate.objects.filter(
        pk=template, uses__contains=[LetterUse.COLLECTION]
    ).exists()


def send_closing(
    service_request: ServiceRequest,
    *,
    actor,
    author,
    letter: Letter,
    closing_reason: ClosingReason,
    now: datetime,
) -> ServiceRequest:
    """Close, and tell the requester why when there is something to tell."""
    refuse_when_naming(service_request, letter.subject, letter.body, *letter.fields.values())
    message = None
    if letter.body.strip() or letter.template:
        decides = closing_reason.is_decision
        message = write_letter(
            service_request,
            author,
            now,
            use=LetterUse.CLOSING,
            refused=decides,
            signatory=named_on(service_request, letter.template, actor) if decides else None,
            **vars(letter),
        )
    end_with(service_request, actor, closing_reason, now, message=message.pk if message else None)
    return service_request


def _carry_out(
    decision: ProposedDecision, service_request: ServiceRequest, actor, now: datetime
) -> ServiceRequest:
    letter = Letter(decision.subject, decision.body, decision.template, decision.fields)
    if decision.verb == Verb.CLOSE and decision.closing_reason is not None:
        return send_closing(
            service_request,
            actor=actor,
            author=decision.author,
            letter=letter,
            closing_reason=decision.closing_reason,
            now=now,
        )
    if decision.verb == Verb.READY:
        return send_ready(
            service_request, actor=actor, author=decision.author, letter=letter, now=now
        )
    return send_answer(
        service_request,
        actor=actor,
        author=decision.author,
        letter=letter,
        outcome=Outcome(decision.outcome),
        closing_reason=decision.closing_reason,
        closes=decision.closes,
        now=now,
    )


def lead_to(service_request: ServiceRequest, target: State, actor, now: datetime) -> None:
    """Bring the request back to work when the table of transitions leads to `target` from there."""
    state = State(service_request.state)
    if state != target and target not in TRANSITIONS[state]:
        release_from_department(service_request)
        record(service_request, Verb.RESUME, actor=actor, to=State.EN_COURS, now=now)


def _check(decision: ProposedDecision, service_request: ServiceRequest, now: datetime) -> None:
    """Refuse a decision whose letter could not leave, while its author can still mend it."""
    refused = not decision.is_favourable
    refuse_when_naming(service_request, decision.subject, decision.body, *decision.fields.values())
    if decision.verb == Verb.CLOSE and not (decision.body or decision.template):
        return  # favourable, without a letter
    use = {Verb.CLOSE: LetterUse.CLOSING, Verb.READY: LetterUse.COLLECTION}.get(
        Verb(decision.verb), LetterUse.REFUSAL if refused else LetterUse.FAVOURABLE
    )
    draft_letter(
        service_request,
        decision.author,
        now,
        body=decision.body,
        use=use,
        subject=decision.subject,
        template=decision.template,
        fields=decision.fields,
        refused=refused,
        signatory=named_on(service_request, decision.template, None) if refused else None,
    )


def _undecided(decision_id: int) -> ProposedDecision:
    decision = ProposedDecision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    if decision.decided_at is not None:
        raise IllegalTransition(_("Un collègue a déjà décidé de cette réponse."))
    return decision


def end_with(
    service_request: ServiceRequest,
    actor,
    reason: ClosingReason,
    now: datetime,
    message: int | None = None,
) -> None:
    """Close a request for a reason, once its letter is kept."""
    service_request.closed_at = now
    service_request.closing_reason = reason
    release_from_department(service_request)
    record(
        service_request,
        Verb.CLOSE,
        actor=actor,
        to=State.CLOSE,
        now=now,
        data={"reason": reason.pk, "message": message},
    )
