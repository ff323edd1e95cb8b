"""What was typed on a page of a form whose session had ended: it waits until its owner is back.

Kept in the session of the same browser, for an hour, and shown to nobody but the draft's owner.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

SESSION_KEY = "typed_too_late"
LIFE = timedelta(hours=1)
LONGEST = 60_000  # characters; no form of the catalogue comes near
NEVER_KEPT = ("csrfmiddlewaretoken", "revision", "action")


def keep_typed(request: HttpRequest, token: UUID) -> bool:
    """Keep what was just posted to a page of a draft; returns whether there was anything to keep.

    Files are not kept: whose they are is not known.
    """
    posted = request.POST.copy()
    for name in NEVER_KEPT:
        posted.pop(name, None)
    text = posted.urlencode()
    if not any(posted.values()) or len(text) > LONGEST:
        return False
    request.session[SESSION_KEY] = {
        "path": request.path,
        "token": str(token),
        "posted": text,
        "until": (timezone.now() + LIFE).isoformat(),
    }
    return True


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Give back, once, what was typed on this very page before its session ended; else None."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path or request.method != "GET":
        return None
    del request.session[SESSION_KEY]
    is_late = datetime.fromisoformat(kept["until"]) < timezone.now()
    return None if is_late else QueryDict(kept["posted"])


def typed_in(request: HttpRequest) -> str:
    """The token of the draft in which something waits; blank when nothing does."""
    return request.session.get(SESSION_KEY, {}).get("token", "")


def forget_typed(request: HttpRequest) -> None:
    """Forget what waits: whoever has signed in does not own that draft."""
    request.session.pop(SESSION_KEY, None)
