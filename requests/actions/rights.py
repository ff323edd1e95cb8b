"""Who may do what to a request, as it stands: the table of verbs, tasks, signatures, people."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from massy_grc.common.folding import folded
from massy_grc.users.models import User
from prestations.calendars import PARIS, town_calendar
from prestations.models import Department
from prestations.translation import catalogue_text
from requests import deadlines
from requests.blocking import obstacles
from requests.enums import PAUSED_STATES, STOPPED_STATES, State, Verb
from requests.exceptions import IllegalTransition
from requests.models import ProposedDecision, ServiceRequest
from requests.permissions import Right, scope_of
from requests.signing import may_decide, may_sign
from requests.standing_in import stands_in_for, work_of
from requests.workflow import ON_MERGED, VERBS

DEPARTMENT_RIGHTS = frozenset(
    {Right.EXPERT_WORK, Right.ASSIGN_IN_DEPARTMENT, Right.SIGN_IN_DEPARTMENT}
)
SIGNING = frozenset({Verb.SIGN, Verb.SEND_BACK})
# what says the outcome to the requester: not while an answer waits for its approval
DECIDING = frozenset({Verb.ANSWER, Verb.CLOSE, Verb.READY, Verb.HAND_OVER, Verb.FORWARD})
# a department may still add to what it treated, and its head signs the refusal that follows
AFTER_HANDBACK = frozenset({Verb.NOTE, Verb.REKEY}) | SIGNING
# what a department does that has a task on a request which another leads
ON_TASKS = frozenset({Verb.ACCEPT_TASK, Verb.DECLINE_TASK, Verb.CONCLUDE_TASK})
BESIDE_TASKS = frozenset({Verb.NOTE, Verb.ATTACH})
ABOUT_CONCERNED = frozenset({Verb.OBJECT, Verb.TELL_CONCERNED})
REQUESTER_VERBS = frozenset(
    {
        *(Verb.SUPPLY, Verb.RECEIVE, Verb.WITHDRAW, Verb.REOPEN, Verb.ATTACH),
        *(Verb.RATE, Verb.ADOPT, Verb.ASK_REASONS),
    }
)


def may(service_request: ServiceRequest, verb: Verb, user) -> bool:
    """Whether `user` has the right to `verb` on this request, whatever its state."""
    scope = scope_of(user)
    if verb == Verb.SNOOZE and not has_in_hand(service_request, user):
        return False
    for right in VERBS[verb].rights:
        if not scope.may(right):
            continue
        if right not in DEPARTMENT_RIGHTS:
            return True
        if verb in ON_TASKS | BESIDE_TASKS and working_on(service_request) & scope.departments:
            return True
        if verb in ON_TASKS:
            continue
        holds = service_request.department_since is not None or verb in AFTER_HANDBACK
        if holds and service_request.department_id in scope.departments:
            return True
    if verb not in SIGNING:
        return False
    if may_sign(service_request, user):
        return True
    decision = pending_decision(service_request) if stands_in_for(user) else None
    return decision is not None and absent_decider(service_request, user, decision) is not None


def has_in_hand(service_request: ServiceRequest, user) -> bool:
    """Whether the request is among those that `user` works on today."""
    holders = {service_request.assignee_id, service_request.front_agent_id}
    return bool(holders & work_of(user))


def decides(service_request: ServiceRequest, user, decision: ProposedDecision) -> bool:
    """Whether `user` may let an answer leave: by their own right, or in somebody's stead."""
    if may_decide(service_request, user, decision):
        return True
    return absent_decider(service_request, user, decision) is not None


def absent_decider(service_request: ServiceRequest, user, decision: ProposedDecision) -> int | None:
    """Return who, away today, may decide and has `user` as delegate; never of one's own answer."""
    absent = stands_in_for(user)
    if not absent or decision.author_id == user.pk:
        return None
    people = User.objects.filter(pk__in=absent).order_by("pk")
    fitting = (
        one.pk
        for one in people
        if may_decide(service_request, one, decision) and _works_beside(user, one, service_request)
    )
    return next(fitting, None)


def _works_beside(user, absent: User, service_request: ServiceRequest) -> bool:
    """Whether both see the request from one place today; a chain of delegates may leave it."""
    mine, theirs = scope_of(user), scope_of(absent)
    together = service_request.department_id in mine.departments & theirs.departments
    return together or (mine.everything and theirs.everything)


def acting_for(service_request: ServiceRequest, verb: Verb, user) -> int | None:
    """Return the absent colleague in whose stead `user` does this; None for their own work."""
    absent = stands_in_for(user)
    if not absent:
        return None
    if verb in SIGNING:
        decision = pending_decision(service_request)
        if decision is None or may_decide(service_request, user, decision):
            return None
        return absent_decider(service_request, user, decision)
    holders = (service_request.assignee_id, service_request.front_agent_id)
    return None if user.pk in holders else next((pk for pk in holders if pk in absent), None)


def working_on(service_request: ServiceRequest) -> set[str]:
    """The departments with an open task on it; asked of the database once for one object."""
    known = service_request.__dict__.get("_working_on")
    if known is None:
        open_tasks = service_request.tasks.filter(ended_at=None, started_at__isnull=False)
        known = set(open_tasks.values_list("department_id", flat=True))
        service_request.__dict__["_working_on"] = known
    return known


def awaited_words(service_request: ServiceRequest) -> str:
    """Which departments an answer waits for, in one sentence, and how to do without them."""
    known = Department.objects.filter(pk__in=working_on(service_request)).order_by(folded("label"))
    labels = [catalogue_text(one.label) for one in known]
    return ngettext(
        "Le service %(departments)s n’a pas encore rendu le travail demandé. Pour répondre sans "
        "lui, retirez d’abord ce travail.",
        "Les services %(departments)s n’ont pas encore rendu le travail demandé. Pour répondre "
        "sans eux, retirez d’abord ce travail.",
        len(labels),
    ) % {"departments": ", ".join(labels)}


def allowed_verbs(service_request: ServiceRequest, user) -> list[Verb]:
    """Return what `user` may do to the request now, in the order of the verbs' table."""
    signing = awaits_signature(service_request)
    decision = pending_decision(service_request) if signing else None
    validated = may_validate(service_request, user)
    now = timezone.now()
    return [
        verb
        for verb, rule in VERBS.items()
        if service_request.state in rule.states
        and may(service_request, verb, user)
        and not follows_instead(service_request, verb)
        and (verb != Verb.SUPPLY or awaits(service_request))
        and (verb != Verb.ANSWER or service_request.answered_at is None)
        and (verb != Verb.ASK_REASONS or may_ask_reasons(service_request, now))
        and (verb != Verb.GIVE_REASONS or owes_reasons(service_request))
        and (verb not in SIGNING or (decision and decides(service_request, user, decision)))
        and (verb not in DECIDING or (validated and not signing))
        and (verb not in DECIDING or not working_on(service_request))
        and (verb != Verb.CANCEL_TASK or working_on(service_request))
        and (verb != Verb.OVERRIDE or obstacles(service_request, Verb.CLOSE))
        and (verb not in ABOUT_CONCERNED or _fits_concerned(service_request, verb))
    ]


def silent_refusal(service_request: ServiceRequest, now: datetime) -> date | None:
    """The day on which silence refused an open request that nobody has answered since.

    A document that is ready is an answer.
    """
    if service_request.state in STOPPED_STATES or service_request.answered_at is not None:
        return None
    return deadlines.refused_on(service_request, now.astimezone(PARIS).date())


def may_ask_reasons(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether the requester may ask why silence refused: once, while they may contest it."""
    decided = silent_refusal(service_request, now)
    if decided is None or service_request.reasons_due_at is not None:
        return False
    until = deadlines.appeal_until(service_request, decided, town_calendar())
    return until is None or now.astimezone(PARIS).date() <= until


def unlawful(
    service_request: ServiceRequest, verb: Verb, *, by_person: bool
) -> IllegalTransition | None:
    """Return what refuses `verb` where the request stands, whoever asks; None for nothing.

    Args:
        by_person: not the system's own act. Asks nothing of the database.
    """
    if verb in VERBS and service_request.state not in VERBS[verb].states:
        return IllegalTransition()
    if by_person and follows_instead(service_request, verb):
        return IllegalTransition(
            _("Cette demande est regroupée avec une autre : c’est sur l’autre que l’on travaille.")
            if service_request.merged_into_id
            else None
        )
    return None


def follows_instead(service_request: ServiceRequest, verb: Verb) -> bool:
    """Whether `verb` is not for this request as it stands: merged, its lead is worked on."""
    if service_request.merged_into_id is None:
        return verb == Verb.UNMERGE
    return verb not in ON_MERGED


def owes_reasons(service_request: ServiceRequest) -> bool:
    """Whether the requester waits for the reasons of a tacit refusal (CRPA L232-4)."""
    asked = service_request.reasons_due_at is not None
    return asked and not (service_request.reasons_given_at or service_request.answered_at)


def _fits_concerned(service_request: ServiceRequest, verb: Verb) -> bool:
    """Whether somebody else is concerned, who has not objected, or is still to be called."""
    person = getattr(service_request, "concerned", None)
    if person is None:
        return False
    return person.objected_at is None if verb == Verb.OBJECT else person.is_to_be_called


def pending_decision(service_request: ServiceRequest) -> ProposedDecision | None:
    """The answer that waits for its signature or approval; one at most."""
    return service_request.proposed_decisions.filter(decided_at=None).first()


def awaits_signature(service_request: ServiceRequest) -> bool:
    """Whether an answer waits for its approval; work taken up again takes it back."""
    return (
        service_request.state == State.A_VALIDER and pending_decision(service_request) is not None
    )


def may_validate(service_request: ServiceRequest, user) -> bool:
    """Whether `user` may answer as the request stands.

    A file submitted for validation is answered by somebody who may sign, and did not submit it.
    """
    if service_request.state != State.A_VALIDER:
        return True
    submitted = service_request.events.filter(verb=Verb.SUBMIT_APPROVAL).last()
    return may_sign(service_request, user) and (
        submitted is None or submitted.actor_id != getattr(user, "pk", None)
    )


def awaits(service_request: ServiceRequest) -> bool:
    """Whether the requester owes an answer or documents."""
    return service_request.state in PAUSED_STATES or any(
        one.received_at is None for one in service_request.pieces.all()
    )
