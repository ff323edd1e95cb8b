"""What tells one problem from another: the words of its newest request, and its place."""

from collections.abc import Sequence

from django.utils.text import Truncator

from requests.models import Problem, ProblemMember, ServiceRequest
from requests.recurrence import came_back, own_words

SAID = 90  # characters quoted of a request


def words_said(problems: Sequence[Problem], reader) -> dict[int, str]:
    """The beginning of the newest request of each problem that `reader` may read, by its key."""
    newest = (
        ProblemMember.objects.filter(
            problem__in=problems,
            removed_at=None,
            request__in=ServiceRequest.objects.visible_to(reader).filter(anonymised_at=None),
        )
        .select_related("request")
        .order_by("problem_id", "-request__arrived_at", "-id")
        .distinct("problem_id")
    )
    return {one.problem_id: Truncator(own_words(one.request)).chars(SAID) for one in newest}


def times_back(problem: Problem) -> int:
    """How often the same was told again after some of it had been closed."""
    members = problem.members.filter(removed_at=None)
    return len(came_back(members.values_list("request__arrived_at", "request__closed_at")))


def placed(problem: Problem) -> bool:
    """Whether what it groups happens somewhere."""
    members = problem.members.filter(removed_at=None)
    return bool(problem.street_id) or members.exclude(request__latitude=None).exists()
