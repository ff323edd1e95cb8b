"""Verbs of questions to the requester; a department's leave when the front office approves."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.actions.core import (
    open_request,
    record,
    require,
)
from requests.actions.exchange import outgoing
from requests.enums import State, Verb
from requests.exceptions import IllegalTransition, MissingInput
from requests.letters.offering import gets_neutral_letters, only_with_a_template
from requests.models import (
    ProposedQuestion,
    ServiceRequest,
)


@transaction.atomic
def ask_question(
    *, request_id: int, version: int | None, actor, body: str, now: datetime | None = None
) -> ServiceRequest:
    """Ask the requester something; the clock stops until they answer.

    Raises:
        MissingInput: no words, or a complaint that gets neutral letters only (S34).
    """
    service_request = open_request(
        request_id=request_id, verb=Verb.ASK_QUESTION, actor=actor, version=version
    )
    _send_question(service_request, actor, require(body, _("Écrivez la question.")), now)
    return service_request


@transaction.atomic
def propose_question(
    *, request_id: int, version: int | None, actor, body: str, now: datetime | None = None
) -> ProposedQuestion:
    """An expert proposes a question; nothing leaves before the front office approves it."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.PROPOSE_QUESTION, actor=actor, version=version
    )
    question = ProposedQuestion.objects.create(
        request=service_request,
        author=actor,
        body=require(body, _("Écrivez la question.")),
        proposed_at=now,
    )
    record(
        service_request,
        Verb.PROPOSE_QUESTION,
        actor=actor,
        now=now,
        data={"question": question.pk},
    )
    return question


@transaction.atomic
def approve_question(
    *, question_id: int, version: int | None, actor, body: str = "", now: datetime | None = None
) -> ServiceRequest:
    """Send an expert's question to the requester, reworded or not."""
    question = _undecided(question_id)
    service_request = open_request(
        request_id=question.request_id, verb=Verb.ASK_QUESTION, actor=actor, version=version
    )
    _decide(question, actor, True, now)
    _send_question(service_request, actor, body.strip() or question.body, now)
    return service_request


@transaction.atomic
def refuse_question(
    *, question_id: int, version: int | None, actor, now: datetime | None = None
) -> ServiceRequest:
    """Keep an expert's question from leaving; the expert sees it on the request."""
    question = _undecided(question_id)
    service_request = open_request(
        request_id=question.request_id, verb=Verb.REFUSE_QUESTION, actor=actor, version=version
    )
    _decide(question, actor, False, now)
    record(
        service_request,
        Verb.REFUSE_QUESTION,
        actor=actor,
        now=now,
        data={"question": question.pk},
    )
    return service_request


def _send_question(service_request, actor, body: str, now: datetime | None) -> None:
    if gets_neutral_letters(service_request):
        raise MissingInput(only_with_a_template())
    now = now or timezone.now()
    message = outgoing(service_request, actor, body, now)
    record(
        service_request,
        Verb.ASK_QUESTION,
        actor=actor,
        to=State.ATTENTE_DEMANDEUR,
        now=now,
        data={"message": message.pk},
    )


def _undecided(question_id: int) -> ProposedQuestion:
    question = ProposedQuestion.objects.select_for_update().get(pk=question_id)
    if question.decided_at is not None:
        raise IllegalTransition(_("Un collègue a déjà décidé de cette question."))
    return question


def _decide(question: ProposedQuestion, actor, approved: bool, now: datetime | None) -> None:
    question.decided_by, question.decided_at = actor, now or timezone.now()
    question.approved = approved
    question.save(update_fields=["decided_by", "decided_at", "approved"])
