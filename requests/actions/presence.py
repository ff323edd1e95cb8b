"""Who has a request's page open: told by the page itself, forgotten within seconds."""

from datetime import datetime, timedelta

from requests.models import Presence, ServiceRequest

# a page in front speaks every 2 seconds, one behind another window every 30 (presence.js)
IN_FRONT = timedelta(seconds=7)
BEHIND = timedelta(seconds=75)


def note_presence(
    service_request: ServiceRequest,
    user,
    *,
    window: str,
    writing: bool,
    behind: bool,
    now: datetime,
) -> None:
    """Somebody has the page of a request open. A page that was left stays so.

    Args:
        window: the page's own key, of 32 characters: a second one hides nothing.
        behind: it is not in front of its reader.
    """
    until = now + (BEHIND if behind else IN_FRONT)
    own = Presence.objects.filter(request=service_request, user=user, window=window)
    if not own.filter(left=False).update(writing=writing, until=until):
        row = Presence(
            request=service_request, user=user, window=window, writing=writing, until=until
        )
        Presence.objects.bulk_create([row], ignore_conflicts=True)  # left: it stays so


def end_presence(service_request: ServiceRequest, user, *, window: str, now: datetime) -> None:
    """Somebody has closed the page; another window of theirs stays."""
    row = Presence(
        request=service_request, user=user, window=window, left=True, until=now + IN_FRONT
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["request", "user", "window"],
        update_fields=["left", "until"],
    )


def sweep_presence(*, now: datetime) -> int:
    """Delete what pages left that never said they were closed."""
    return Presence.objects.filter(until__lt=now).delete()[0]
