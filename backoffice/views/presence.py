"""Who else has a request open, and what has come in since: asked by the page itself."""

import re

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.shown_state import shown_before
from backoffice.timeline import news_since
from backoffice.views.requests import WORKERS, find_request
from requests.actions.presence import end_presence, note_presence
from requests.models import Presence

NEWS_SHOWN = 3
WINDOW = re.compile("[0-9a-f]{32}")


@require_POST
@agent_page(*WORKERS)
def presence(request: AgentRequest, reference: str) -> HttpResponse:
    """Note that this person has the page open (or has closed it); tell who else has, and news.

    Not a visit: neither the session nor the access log hears of it.
    """
    sr = find_request(request, reference)
    window = request.POST.get("window", "")
    if not WINDOW.fullmatch(window):
        return HttpResponseBadRequest()
    now = timezone.now()
    if request.POST.get("doing") == "left":
        end_presence(sr, request.user, window=window, now=now)
        return HttpResponse(status=204)
    note_presence(
        sr,
        request.user,
        window=window,
        writing=request.POST.get("doing") == "writing",
        behind="behind" in request.POST,
        now=now,
    )
    seen = shown_before(request).seen
    news = []
    if seen is not None and seen < sr.event_count:
        news = news_since(sr, seen, request.user, NEWS_SHOWN)
    context = {
        "sr": sr,
        "others": Presence.objects.others(sr, request.user, now),
        "news": news,
    }
    return render(request, "backoffice/request_present.html", context)
