"""One answer to all members of a problem: undone for a few seconds, then told to each apart."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.outbox.api import postpone, publish, withdraw
from massy_grc.users.models import User
from prestations.enums import LetterUse
from requests.actions import sending
from requests.actions.behalf import is_objected
from requests.actions.core import open_request, record, require
from requests.actions.decisions import needs_approval
from requests.actions.exchange import write_message
from requests.actions.letters import write_letter
from requests.actions.outcome import answer_request
from requests.actions.problems import kept, locked
from requests.actions.rights import allowed_verbs
from requests.blocking import obstacles
from requests.enums import FINAL_STATES, Outcome, ProblemState, State, Verb
from requests.exceptions import RequestError, TooLate
from requests.models import Message, Problem, ProblemMember, ServiceRequest

LETTER = "reponse-probleme"


@transaction.atomic
def answer_problem(
    *, problem_id: int, version: int, actor, body: str = "", now: datetime | None = None
) -> tuple[int, datetime]:
    """Tell each member's requester once, about this request, what is done for good.

    Nothing is done for `sending.UNDO`; then workers tell each member apart, and what bars one
    bars no other. Called again, it tells those that are left, in the same words.

    Args:
        body: what all are told; kept, and not asked for again once it has left.

    Returns:
        How many are to be told, and when it leaves.
    """
    now = now or timezone.now()
    problem = locked(problem_id, version, actor, ProblemState.OPEN)
    if problem.answered_at is None:
        problem.answer = require(body, _("Écrivez la réponse."))
        problem.answered_by, problem.answered_at = actor, now
    problem.leaves_at = now + sending.UNDO
    kept(problem)
    publish("problem.answer", key=_key(problem), problem_id=problem.pk, actor_id=actor.pk)
    postpone([_key(problem)], problem.leaves_at)
    return members_to_tell(problem, actor).update(barred=""), problem.leaves_at


@transaction.atomic
def undo_answer(*, problem_id: int, actor, now: datetime | None = None) -> Problem:
    """Take an answer back before it leaves; its words stay as a draft.

    Raises:
        TooLate: it has left.
    """
    problem = locked(problem_id, None, actor, *ProblemState)
    now = now or timezone.now()
    if not is_leaving(problem, now) or not withdraw([_key(problem)], now):
        raise TooLate
    problem.leaves_at = None
    if not problem.members.exclude(told_at=None).exists():
        problem.answered_by = problem.answered_at = None
    return kept(problem)


def is_leaving(problem: Problem, now: datetime) -> bool:
    """Whether an answer to all may still be undone."""
    return problem.leaves_at is not None and now < problem.leaves_at


def members_to_tell(problem: Problem, actor):
    """The members that `actor` may tell and nobody has: not cancelled, with somebody to read it."""
    return problem.members.filter(
        request__in=ServiceRequest.objects.visible_to(actor).filter(anonymised_at=None),
        accepted_at__isnull=False,
        removed_at=None,
        told_at=None,
    ).exclude(
        Q(request__state=State.ANNULEE)
        # the answer of the request that they follow is theirs
        | Q(request__merged_into__in=_accepted(problem).values("request"))
    )


@transaction.atomic
def tell_members(*, problem_id: int, actor: User) -> None:
    """Let each member that is left be told by its own event."""
    problem = Problem.objects.get(pk=problem_id)
    for member in members_to_tell(problem, actor):
        publish(
            "problem.tell",
            key=f"{_key(problem)}:{member.pk}",
            member_id=member.pk,
            actor_id=actor.pk,
        )


@transaction.atomic
def tell_member(*, member_id: int, actor: User, now: datetime | None = None) -> None:
    """Tell one member's requester, or note on the member what bars it. Once."""
    now = now or timezone.now()
    member = (
        ProblemMember.objects.select_for_update(of=("self",))
        .select_related("problem")
        .filter(pk=member_id, told_at=None, removed_at=None)
        .first()
    )
    if member is None:  # told or taken out meanwhile
        return
    try:
        with transaction.atomic():
            member.message = write_to_member(member.request_id, actor, member.problem.answer, now)
        member.told_at, member.barred = now, ""
    except RequestError as refusal:
        member.barred = str(refusal)[:300]
    member.save(update_fields=["message", "told_at", "barred"])


def write_to_member(request_id: int, actor, body: str, now: datetime) -> Message:
    """Answer and close where nothing bars it and nobody else decides; else write.

    What is closed stays closed.

    Raises:
        RequestError: what bars even a message.
    """
    common = {"request_id": request_id, "actor": actor, "now": now}
    request = ServiceRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if Verb.ANSWER in allowed_verbs(request, actor) and _may_be_answered(request, actor):
        answer_request(**common, version=None, body=body, outcome=Outcome.POSITIVE, template=LETTER)
        return request.messages.latest("pk")
    if request.state not in FINAL_STATES:
        return write_message(**common, version=None, body=body, template=LETTER)
    closed = open_request(request_id=request_id, verb=Verb.NOTE, actor=actor)
    message = write_letter(closed, actor, now, body=body, use=LetterUse.MESSAGE, template=LETTER)
    record(closed, Verb.WRITE, actor=actor, now=now, data={"message": message.pk})
    return message


def _may_be_answered(request: ServiceRequest, actor) -> bool:
    return not (
        request.answered_at
        or needs_approval(request, actor)
        or is_objected(request)
        or obstacles(request, Verb.ANSWER)
    )


def _accepted(problem: Problem):
    return problem.members.filter(accepted_at__isnull=False, removed_at=None)


def _key(problem: Problem) -> str:
    assert problem.leaves_at is not None
    return f"problem.answer:{problem.pk}:{problem.leaves_at.timestamp()}"
