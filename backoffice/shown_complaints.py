"""What the page of a request shows of dissatisfaction, to whom it concerns."""

from typing import Any

from django.utils import timezone

from requests.blocking import call_promised
from requests.enums import ProblemState
from requests.models import Complaint, Problem, ServiceRequest
from requests.permissions import COMPLAINTS_TEAM, Right, scope_of


def complaint_of(sr: ServiceRequest, user) -> dict[str, Any]:
    """Return the complaint's notes for Proximité alone, the problems and the promised call.

    One query for each, whatever there is.
    """
    scope = scope_of(user)
    handles = scope.may(Right.HANDLE_COMPLAINTS)
    rows = Complaint.objects.select_related("severity", "cause", "updated_by")
    noted = rows.filter(request=sr).first()
    told = Problem.objects.visible_to(user).exclude(state=ProblemState.DISMISSED)
    problems = list(
        told.filter(members__request=sr, members__removed_at=None).select_related("owner")
    )
    front = scope.may(Right.FRONT_OFFICE)
    return {
        "shows_complaint": handles and (noted is not None or sr.team_id == COMPLAINTS_TEAM),
        "complaint": noted if handles else None,
        "neutral_only": noted is not None and noted.abusive,
        "problems": problems,
        "may_promise": front,
        "today": timezone.localdate(),
        "call_back": call_promised(sr) if front else None,
    }
