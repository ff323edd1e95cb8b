"""What brings back a request that somebody has set aside; the end of every verb asks (`record`)."""

from datetime import datetime

from requests.enums import STOPPED_STATES, Verb, WakeReason
from requests.models import ServiceRequest, Snooze
from requests.workflow import RETURNS, SENDINGS

# who has the request: a change of any of these is a change of hands
HANDS = ("assignee_id", "front_agent_id", "team_id", "department_id", "department_since")
# no answer to anybody: a photograph that a colleague adds, an alert, the return itself
FROM_OUTSIDE = SENDINGS | {Verb.OBJECT, Verb.WITHDRAW}


def wakes(
    service_request: ServiceRequest, verb: Verb, actor, *, by_requester: bool, now: datetime
) -> dict:
    """Bring a request back to whoever set it aside, when an act calls for it.

    The request is locked and not written yet. Whoever acts has its page before them, and is told
    nothing.

    Returns:
        What the event of the return says; {} when nothing came back.
    """
    away = list(service_request.snoozes.away()) if service_request.pk else []
    why = _why(service_request, verb, by_requester=by_requester) if away else ""
    if not why:
        return {}
    return come_back(away, WakeReason(why), actor, now)


def come_back(away: list[Snooze], why: WakeReason, actor, now: datetime) -> dict:
    """Set requests down again among the work of those who had set them aside."""
    for one in away:
        one.back_at, one.back_why = now, why
        if why == WakeReason.OVER or one.agent_id == getattr(actor, "pk", None):
            one.seen_at = now
        one.save(update_fields=["back_at", "back_why", "seen_at"])
    return {"why": why, "snoozes": [one.pk for one in away]}


def see_back(service_request: ServiceRequest, user, now: datetime) -> None:
    """Somebody has seen that what they set aside is back."""
    back = service_request.snoozes.shown_to(user).filter(back_at__isnull=False)
    back.update(seen_at=now)


def _why(service_request: ServiceRequest, verb: Verb, *, by_requester: bool) -> WakeReason | str:
    if service_request.state in STOPPED_STATES or service_request.merged_into_id:
        return WakeReason.OVER
    noted = verb in FROM_OUTSIDE and verb != Verb.ATTACH  # also by an agent, for them
    if noted or (by_requester and verb in FROM_OUTSIDE):
        return WakeReason.REQUESTER
    if verb in RETURNS:
        return WakeReason.DEPARTMENT
    before = ServiceRequest.objects.values_list(*HANDS).get(pk=service_request.pk)
    if before != tuple(getattr(service_request, name) for name in HANDS):
        return WakeReason.HANDS
    return ""
