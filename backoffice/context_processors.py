"""What every staff page shows: navigation by rights, and the post of the session."""

from django.http import HttpRequest

from backoffice.navigation import entries_for
from backoffice.posts import post_of
from requests.permissions import scope_of

STAFF_PREFIXES = ("/agent/", "/pilotage/")


def workplace(request: HttpRequest) -> dict:
    """Add `agent_nav` and `agent_post` on staff pages; nothing elsewhere."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith(STAFF_PREFIXES) or not user.is_authenticated:
        return {}
    scope = scope_of(user)
    return {
        "agent_nav": entries_for(scope, request),
        "agent_post": post_of(request),
        "scope": scope,
    }
