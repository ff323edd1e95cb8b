"""A visit of a campaign's address, remembered by the browser's session alone until a form is sent.

Counting needs no cookie: the session only keeps one browser from counting twice, and ties a form
that is begun later to the campaign. Nothing of it is kept about a person.
"""

import re
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from prestations.models import Campaign

VISITED = "campaign"  # in the session: [code, moment]
_PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|monitor|headless"
    r"|curl|wget|python|httpclient|okhttp|java/|scan",
    re.IGNORECASE,
)


def address_of(campaign: Campaign) -> str:
    """Return the whole public address, as it is printed."""
    return f"{settings.PUBLIC_URL}{reverse('prestations:campaign', args=[campaign.code])}"


def is_a_visit(request: HttpRequest) -> bool:
    """Whether a person asks for the page: no program, nothing that a browser fetches ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and bool(agent) and not (ahead or _PROGRAM.search(agent))


def remember_visit(request: HttpRequest, campaign: Campaign, now: datetime) -> bool:
    """Keep in the session which campaign was seen last; return whether that is news."""
    known = request.session.get(VISITED)
    if known and known[0] == campaign.code:
        return False
    request.session[VISITED] = [campaign.code, now.isoformat()]
    return True


def came_from(request: HttpRequest, begun_at: datetime | None = None) -> Campaign | None:
    """Return the campaign this browser saw, before `begun_at` when that is given."""
    known = request.session.get(VISITED)
    if not known or (begun_at and begun_at < datetime.fromisoformat(known[1])):
        return None
    return Campaign.objects.filter(code=known[0]).first()
