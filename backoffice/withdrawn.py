"""What somebody typed comes back to them when it was no longer theirs to send."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from requests.models import ServiceRequest

# the fields of the acts that hold somebody's own words, were it but one
WRITTEN = frozenset(
    {
        *("subject", "body", "note", "reason", "asked", "conclusion", "label"),
        *("motive", "other", "address", "collected_by"),
    }
)
NOT_TYPED = "shown"  # what the page showed (`backoffice.shown_state`)


def withdrawn(
    request: HttpRequest,
    status: int,
    *,
    role_lost: bool = False,
    readable: ServiceRequest | None = None,
) -> HttpResponse:
    """Say that nothing was kept, and why; with what was typed, to be copied.

    Says nothing of what it was about, which may not exist.

    Args:
        role_lost: the page itself is closed to this person; else one request, or one act on it.
        readable: the request, where only the act is no longer theirs.
    """
    written = [
        text
        for name, value in request.POST.items()
        if name != NOT_TYPED
        and (text := str(value).strip())
        and (name in WRITTEN or "__" in name or " " in text)  # "__": a field of a letter
    ]
    context = {"written": written, "role_lost": role_lost, "readable": readable}
    return render(request, "backoffice/request_withdrawn.html", context, status=status)
