"""Problems: found by night or made by hand, and followed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.users.models import User
from prestations.models import RootCause, Team
from requests.actions.complaints import refuse_past_day
from requests.actions.core import require
from requests.enums import ProblemState
from requests.exceptions import (
    IllegalTransition,
    MissingInput,
    NotAllowed,
    StaleRequest,
)
from requests.models import Problem, ProblemMember, ServiceRequest
from requests.permissions import COMPLAINTS_TEAM, Right, scope_of
from requests.recurrence import LEAST, WINDOW, is_going_on, recurring, told_since

FOLLOWED = (ProblemState.PROPOSED, ProblemState.OPEN)


def usual_title(request: ServiceRequest) -> str:
    """What a problem of this request is called at first.

    A title outlives the request's data: it takes no word of the requester, no place they typed.
    """
    where = request.street.name if request.street else request.prestation.label
    return f"{request.category.label} : {where}"[:200]


@transaction.atomic
def find_problems(*, now: datetime) -> list[Problem]:
    """Propose what keeps happening; what joins a known problem is proposed as a member of it.

    A request that is in a problem already, was taken out of one or belongs to one that was
    dismissed never counts again as new.

    Nothing new is proposed of what is over: closed for the most part, and never back since.

    Returns:
        The problems proposed by this run.
    """
    # one run at a time; requests of the team are filed meanwhile
    Team.objects.select_for_update(no_key=True).get(pk=COMPLAINTS_TEAM)
    followed = _followed()
    settled = set(ProblemMember.objects.values_list("request", flat=True)) - followed.keys()
    told = {one.pk: one for one in told_since(now - WINDOW) if one.pk not in settled}
    found = []
    for group in recurring(list(told.values()), _together(followed)):
        fresh = [pk for pk in group if pk not in followed]
        known = [followed[pk] for pk in group if pk in followed]
        if known:
            _add(Problem.objects.get(pk=known[0]), fresh, now)
        elif len(fresh) >= LEAST and is_going_on([told[pk] for pk in fresh], now):
            found.append(propose_problem(fresh, now))
    return found


@transaction.atomic
def open_problem(
    *, actor, title: str, requests: Sequence[int], now: datetime | None = None
) -> Problem:
    """Make a problem of one request or more; its author owns it at first.

    Raises:
        ServiceRequest.DoesNotExist: one is not to be known by `actor`.
        NotAllowed: one is of a restricted prestation.
    """
    now = now or timezone.now()
    _allow(actor)
    rows = [_unrestricted(pk, actor) for pk in requests]
    problem = Problem.objects.create(
        title=require(title, _("Donnez un titre au problème."))[:200],
        state=ProblemState.OPEN,
        category=rows[0].category,
        street=rows[0].street,
        owner=actor,
        created_by=actor,
        created_at=now,
        decided_by=actor,
        decided_at=now,
    )
    _add(problem, [row.pk for row in rows], now, accepted=True)
    return problem


@transaction.atomic
def accept_problem(*, problem_id: int, version: int, actor, now: datetime | None = None) -> Problem:
    """What was proposed is followed from now on, with all its proposed members."""
    now = now or timezone.now()
    problem = locked(problem_id, version, actor, ProblemState.PROPOSED)
    problem.state, problem.owner = ProblemState.OPEN, actor
    problem.decided_by, problem.decided_at = actor, now
    problem.members.filter(accepted_at=None, removed_at=None).update(accepted_at=now)
    return kept(problem)


@transaction.atomic
def dismiss_problem(
    *, problem_id: int, version: int, actor, now: datetime | None = None
) -> Problem:
    """What was proposed is no problem: these requests have nothing in common."""
    problem = locked(problem_id, version, actor, ProblemState.PROPOSED)
    problem.state, problem.decided_by = ProblemState.DISMISSED, actor
    problem.decided_at = problem.ended_at = now or timezone.now()
    return kept(problem)


@transaction.atomic
def write_problem(
    *,
    problem_id: int,
    version: int,
    actor,
    title: str,
    owner: User,
    cause: RootCause | None = None,
    action: str = "",
    action_on: date | None = None,
    action_done: bool = False,
    now: datetime | None = None,
) -> Problem:
    """Say whose it is, why it happens and what will end it for good, by which day.

    Raises:
        MissingInput: no title, an owner who does not follow complaints, or a day that has passed.
    """
    problem = locked(problem_id, version, actor, ProblemState.OPEN)
    problem.title = require(title, _("Donnez un titre au problème."))[:200]
    if not scope_of(owner).may(Right.HANDLE_COMPLAINTS):
        raise MissingInput(_("Cette personne ne suit pas les réclamations."))
    refuse_past_day(action_on, problem.action_on, done=action_done, now=now or timezone.now())
    problem.owner, problem.cause = owner, cause
    problem.action, problem.action_on = action.strip(), action_on
    problem.action_done = action_done
    return kept(problem)


@transaction.atomic
def add_member(
    *, problem_id: int, actor, request_id: int, now: datetime | None = None
) -> ProblemMember:
    """Add a request to a followed problem, or accept one that was proposed or taken out."""
    now = now or timezone.now()
    problem = locked(problem_id, None, actor, ProblemState.OPEN)
    request = _unrestricted(request_id, actor)
    member, _new = ProblemMember.objects.get_or_create(
        problem=problem, request=request, defaults={"added_at": now}
    )
    member.accepted_at, member.removed_at = member.accepted_at or now, None
    member.save(update_fields=["accepted_at", "removed_at"])
    return member


@transaction.atomic
def remove_member(
    *, problem_id: int, actor, request_id: int, now: datetime | None = None
) -> ProblemMember:
    """Take a request out: it tells of something else."""
    problem = locked(problem_id, None, actor, ProblemState.PROPOSED, ProblemState.OPEN)
    member = problem.members.filter(request=request_id, removed_at=None, told_at=None).first()
    if member is None:
        raise IllegalTransition(
            _("Cette demande n’est plus dans le problème, ou son demandeur est déjà prévenu.")
        )
    member.removed_at = now or timezone.now()
    member.save(update_fields=["removed_at"])
    return member


@transaction.atomic
def close_problem(*, problem_id: int, version: int, actor, now: datetime | None = None) -> Problem:
    """It is over: its action is done, or nothing more will be."""
    problem = locked(problem_id, version, actor, ProblemState.OPEN)
    problem.state, problem.ended_at = ProblemState.CLOSED, now or timezone.now()
    return kept(problem)


@transaction.atomic
def reopen_problem(*, problem_id: int, version: int, actor) -> Problem:
    """It goes on after all; what was dismissed is accepted with its proposed members."""
    problem = locked(problem_id, version, actor, ProblemState.CLOSED, ProblemState.DISMISSED)
    if problem.state == ProblemState.DISMISSED:
        proposed = problem.members.filter(accepted_at=None, removed_at=None)
        proposed.update(accepted_at=timezone.now())
    problem.state, problem.ended_at = ProblemState.OPEN, None
    problem.owner = problem.owner or actor
    return kept(problem)


def locked(problem_id: int, version: int | None, actor, *states: ProblemState) -> Problem:
    """Lock the problem until the transaction ends.

    Raises:
        NotAllowed: `actor` does not handle complaints.
        StaleRequest: it is not at the version that the page showed, when one is given.
        IllegalTransition: it is in none of the states.
    """
    _allow(actor)
    problem = Problem.objects.select_for_update().get(pk=problem_id)
    if version is not None and problem.version != version:
        raise StaleRequest(
            _("Ce problème a changé pendant que vous le lisiez. Relisez-le, puis recommencez.")
        )
    if problem.state not in states:
        raise IllegalTransition(_("L’état actuel du problème ne permet pas cette action."))
    return problem


def kept(problem: Problem) -> Problem:
    """Save a locked problem as its next version."""
    problem.version = F("version") + 1
    problem.save()
    problem.refresh_from_db()
    return problem


def propose_problem(requests: Sequence[int], now: datetime) -> Problem:
    """Propose a problem that these requests may tell of, to whoever handles complaints."""
    first = ServiceRequest.objects.select_related("category", "street", "prestation").get(
        pk=requests[0]
    )
    problem = Problem.objects.create(
        title=usual_title(first),
        state=ProblemState.PROPOSED,
        category=first.category,
        street=first.street,
        created_at=now,
    )
    _add(problem, requests, now)
    return problem


def _add(
    problem: Problem, requests: Sequence[int], now: datetime, *, accepted: bool = False
) -> None:
    ProblemMember.objects.bulk_create(
        ProblemMember(
            problem=problem, request_id=pk, added_at=now, accepted_at=now if accepted else None
        )
        for pk in requests
    )


def _followed() -> dict[int, int]:
    """Requests of problems that are followed, each with the problem's key: the newest one's."""
    members = ProblemMember.objects.filter(problem__state__in=FOLLOWED, removed_at=None)
    return dict(members.order_by("problem").values_list("request", "problem"))


def _together(followed: Mapping[int, int]) -> list[list[int]]:
    """The requests of each problem that is followed: known to tell of the same."""
    groups: dict[int, list[int]] = defaultdict(list)
    for request, problem in followed.items():
        groups[problem].append(request)
    return list(groups.values())


def _unrestricted(request_id: int, actor) -> ServiceRequest:
    """A request that `actor` knows; its problem's page may say that it exists."""
    request = ServiceRequest.objects.visible_to(actor).get(pk=request_id)
    if request.prestation.restricted:
        raise NotAllowed(_("Une demande réservée n’entre pas dans un problème."))
    return request


def _allow(actor) -> None:
    if not scope_of(actor).may(Right.HANDLE_COMPLAINTS):
        raise NotAllowed
