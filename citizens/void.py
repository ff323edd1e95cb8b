"""The page of a mailed link that opens nothing: forged, cut short, too old or used up."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class Link(StrEnum):
    """What the link was for; the page says how to reach it otherwise."""

    SIGN_UP = "sign_up"
    CHANGE = "change"
    ENDED_CHANGE = "ended"  # refused, or replaced by another
    NEWSLETTER = "newsletter"
    FOLLOW = "follow"
    CONSENT = "consent"
    OBJECTION = "objection"
    CONFIRMATION = "confirmation"
    INVITATION = "invitation"


def void_link(request: HttpRequest, what: Link) -> HttpResponse:
    """Say that a link opens nothing, and what to do instead: 410."""
    return render(request, "citizens/link_void.html", {"what": what}, status=410)
