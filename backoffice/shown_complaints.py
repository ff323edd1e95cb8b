"""What the page of a request shows of dissatisfaction, to whom it concerns."""

from typing import Any

from django.utils import timezone

from massy_grc.common.empties import may_hold
from requests.blocking import call_promised
from requests.enums import ProblemState
from requests.models import Complaint, Problem, ServiceRequest
from requests.permissions import COMPLAINTS_TEAM, Right, scope_of


def complaint_of(sr: ServiceRequest, user) -> dict[str, Any]:
    """Return the complaint's notes for Proximité alone, the problems and the promised call.

    One query at most for each.
    """
    scope = scope_of(user)
    handles = scope.may(Right.HANDLE_COMPLAINTS)
    noted = _noted(sr)
    front = scope.may(Right.FRONT_OFFICE)
    return {
        "shows_complaint": handles and (noted is not None or sr.team_id == COMPLAINTS_TEAM),
        "complaint": noted if handles else None,
        "neutral_only": noted is not None and noted.abusive,
        "problems": _problems(sr, user),
        "may_promise": front,
        "today": timezone.localdate(),
        "call_back": call_promised(sr) if front else None,
    }


def _noted(sr: ServiceRequest) -> Complaint | None:
    if not may_hold(sr, "complaint"):
        return None
    rows = Complaint.objects.select_related("severity", "cause", "updated_by")
    return rows.filter(request=sr).first()


def _problems(sr: ServiceRequest, user) -> list[Problem]:
    """The problems that the request is counted among, of those that `user` may see."""
    if not may_hold(sr, "problems"):
        return []
    told = Problem.objects.visible_to(user).exclude(state=ProblemState.DISMISSED)
    theirs = told.filter(members__request=sr, members__removed_at=None)
    return list(theirs.select_related("owner"))
