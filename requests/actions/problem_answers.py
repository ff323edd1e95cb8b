"""One answer to all members of a problem: undone for a few seconds, then told to each apart."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

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
from requests.actions.outcome import answer_request, may_reopen
from requests.actions.problems import kept, locked
from requests.actions.rights import allowed_verbs
from requests.blocking import obstacles
from requests.enums import FINAL_STATES, Outcome, ProblemState, State, Verb
from requests.exceptions import MissingInput, RequestError, TooLate
from requests.models import Message, Problem, ProblemMember, ServiceRequest
from requests.shared_answers import same_person

LETTER = "reponse-probleme"
OTHERS = "probleme.autres"


@transaction.atomic
def answer_problem(
    *,
    problem_id: int,
    version: int,
    actor,
    members: Collection[int],
    body: str = "",
    now: datetime | None = None,
) -> tuple[int, datetime]:
    """Tell the requester of each chosen member once, about this request, what is done for good.

    Nothing is done for `sending.UNDO`; then workers tell each member apart, and what bars one
    bars no other. Called again, it tells others, in the same words.

    Args:
        members: keys of the `ProblemMember`s that are to be told.
        body: what all are told; kept, and not asked for again once it has left.

    Returns:
        How many are to be told, and when it leaves.
    """
    now = now or timezone.now()
    problem = locked(problem_id, version, actor, ProblemState.OPEN)
    chosen = members_to_tell(problem, actor).filter(pk__in=members)
    told = list(chosen.values_list("pk", flat=True))
    if not told:
        raise MissingInput(_("Cochez au moins une demande."))
    if problem.answered_at is None:
        problem.answer = require(body, _("Écrivez la réponse."))
        problem.answered_by, problem.answered_at = actor, now
    problem.leaves_at = now + sending.UNDO
    kept(problem)
    chosen.update(barred="")
    publish(
        "problem.answer",
        key=_key(problem),
        problem_id=problem.pk,
        members=told,
        actor_id=actor.pk,
    )
    postpone([_key(problem)], problem.leaves_at)
    return len(told), problem.leaves_at


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


def still_concerned(request: ServiceRequest, now: datetime) -> bool:
    """Whether its requester waits for an answer, or may still say that it is not solved."""
    return request.is_open or may_reopen(request, now)


@transaction.atomic
def tell_members(*, problem_id: int, members: Collection[int], actor: User) -> None:
    """Let each chosen member that nobody has told meanwhile be told by its own event."""
    problem = Problem.objects.get(pk=problem_id)
    for member in members_to_tell(problem, actor).filter(pk__in=members):
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
            member.message = write_to_member(member, actor, member.problem.answer, now)
        member.told_at, member.barred = now, ""
    except RequestError as refusal:
        member.barred = str(refusal)[:300]
    member.save(update_fields=["message", "told_at", "barred"])


def write_to_member(member: ProblemMember, actor, body: str, now: datetime) -> Message:
    """Answer and close where nothing bars it and nobody else decides; else write.

    What is closed stays closed.

    Raises:
        RequestError: what bars even a message.
    """
    common: dict[str, Any] = {"request_id": member.request_id, "actor": actor, "now": now}
    letter: dict[str, Any] = {"body": body, "template": LETTER, "fields": {OTHERS: _others(member)}}
    request = ServiceRequest.objects.select_for_update(no_key=True).get(pk=member.request_id)
    if Verb.ANSWER in allowed_verbs(request, actor) and _may_be_answered(request, actor):
        answer_request(**common, **letter, version=None, outcome=Outcome.POSITIVE)
        return request.messages.latest("pk")
    if request.state not in FINAL_STATES:
        return write_message(**common, **letter, version=None)
    closed = open_request(request_id=request.pk, verb=Verb.NOTE, actor=actor)
    message = write_letter(closed, actor, now, use=LetterUse.MESSAGE, **letter)
    record(closed, Verb.WRITE, actor=actor, now=now, data={"message": message.pk})
    return message


def _others(member: ProblemMember) -> str:
    """Of how many other requests the problem is made, by other people; "" when of none."""
    own = member.request
    rows = ServiceRequest.objects.filter(pk__in=_accepted(member.problem).values("request"))
    email = own.requester_email
    others = [
        one
        for one in rows.exclude(pk=own.pk)
        if not same_person(one, own) and (not email or one.requester_email != email)
    ]
    return str(len(others) or "")


def _may_be_answered(request: ServiceRequest, actor) -> bool:
    return not (
        request.answered_at
        or needs_approval(request, actor)
        or is_objected(request)
        or obstacles(request, Verb.CLOSE)
    )


def _accepted(problem: Problem):
    return problem.members.filter(accepted_at__isnull=False, removed_at=None)


def _key(problem: Problem) -> str:
    assert problem.leaves_at is not None
    return f"problem.answer:{problem.pk}:{problem.leaves_at.timestamp()}"
