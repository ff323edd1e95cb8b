"""Who has a request's page open: told by the page itself, forgotten within seconds."""

from datetime import datetime, timedelta

from requests.models import Presence, ServiceRequest

# a page in front speaks every 2 seconds, one behind another window every 30 (presence.js)
IN_FRONT = timedelta(seconds=7)
BEHIND = timedelta(seconds=75)


def note_presence(
    service_request: ServiceRequest, user, *, writing: bool, behind: bool, now: datetime
) -> None:
    """Somebody has the page of a request open. Written in one query, whatever was there."""
    row = Presence(
        request=service_request,
        user=user,
        writing=writing,
        until=now + (BEHIND if behind else IN_FRONT),
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["request", "user"],
        update_fields=["writing", "until"],
    )


def end_presence(service_request: ServiceRequest, user) -> None:
    """Somebody has closed the page."""
    Presence.objects.filter(request=service_request, user=user).delete()


def sweep_presence(*, now: datetime) -> int:
    """Delete what pages left that never said they were closed."""
    return Presence.objects.filter(until__lt=now).delete()[0]
