"""The files of an agent who leaves or moves: who may have them, and what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from massy_grc.users.models import User
from requests import actions
from requests.enums import ProblemState
from requests.exceptions import RequestError
from requests.models import CallBack, Problem, ServiceRequest

BATCH = 200  # files on one page, and handed over by one press


@dataclass
class Outcome:
    """What one press did.

    Attributes:
        done: references handed over.
        refused: ``(reference, reason)`` of those left as they were.
        promised: the calls and problems that went with them.
    """

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    promised: actions.Promised = field(default_factory=actions.Promised)


def files_of(person: User) -> QuerySet[ServiceRequest]:
    """The open requests in this person's name, the most urgent first."""
    return ServiceRequest.objects.mine(person).order_by("due_at", "id")


def promises_of(person: User) -> actions.Promised:
    """How many calls this person still has to make, and problems they follow."""
    return actions.Promised(
        CallBack.objects.waiting().filter(owner=person).count(),
        Problem.objects.filter(owner=person, state=ProblemState.OPEN).count(),
    )


def successors_of(person: User) -> QuerySet[User]:
    """Active colleagues of the departments and teams that this person or their files belong to."""
    files = files_of(person).order_by()
    held = Q(memberships__department__in=files.values("department")) | Q(
        memberships__team__in=files.values("team")
    )
    places = person.memberships
    same = Q(memberships__department__in=places.exclude(department=None).values("department")) | Q(
        memberships__team__in=places.exclude(team=None).values("team")
    )
    return (
        User.objects.agents().filter(held | same, is_active=True).exclude(pk=person.pk).distinct()
    )


def hand_over(
    *, actor: User, person: User, successor: User | None, references: Iterable[str]
) -> Outcome:
    """Hand these files over, each in its own transaction: one refusal holds up no other.

    Promised calls and followed problems go with them.
    """
    outcome = Outcome()
    rows = files_of(person).filter(reference__in=list(references))[:BATCH]
    for request_id, reference in list(rows.values_list("pk", "reference")):
        try:
            actions.hand_over_request(
                request_id=request_id, actor=actor, leaver=person, successor=successor
            )
        except RequestError as refusal:
            outcome.refused.append((reference, str(refusal)))
        else:
            outcome.done.append(reference)
    outcome.promised = actions.hand_over_promises(actor=actor, leaver=person, successor=successor)
    return outcome
