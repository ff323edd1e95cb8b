"""Reception: who is there and what they want."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import looked_for, record_look
from backoffice.enums import LookReason
from backoffice.people import (
    FOUND_AT_MOST,
    Found,
    find_people,
    new_number,
    with_open_requests,
)
from backoffice.posts import post_of
from backoffice.record_page import pinned_for
from backoffice.ringing import address, ringing_of
from backoffice.views.contacts import news_waiting
from backoffice.ways import other_ways
from citizens.models import Citizen
from massy_grc.common.posted import posted_id
from prestations.models import Prestation
from prestations.models.catalogue import UNSORTED
from prestations.searching import search_prestations
from requests.models import ServiceRequest
from requests.permissions import Right

SHORTLIST = 8
FREQUENT = 6
ELSEWHERE = 3
LATELY = 300  # newest requests looked at


@require_safe
@agent_page(Right.LOG_REQUEST)
def reception(request: AgentRequest) -> HttpResponse:
    """One screen for counter and phone: the caller, then the prestation.

    ``?q=`` looks a caller up, ``?citoyen=`` or ``?anonyme=1`` says who it is, ``?p=`` looks a
    prestation up. With htmx only the part that changes comes back. The number of a telephone that
    rings is looked up until something is typed.
    """
    who = _caller(request)
    anonymous = "anonyme" in request.GET
    q, p = request.GET.get("q", "")[:200], request.GET.get("p", "")[:100]
    ringing = ringing_of(request)
    chosen: dict[str, Any] = {"citoyen": who.citizen.pk} if who else {}
    context: dict[str, Any] = {
        "q": q,
        "p": p,
        "ringing": ringing,
        "notes_end": address("", (chosen or {"q": q}) | ringing.carried),
        "contact_end": address("", chosen | ringing.carried),
        "new_number": new_number(who.citizen, ringing.number) if who else "",
        "citizen": who.citizen if who else None,
        "pinned_notes": pinned_for(who.citizen, request.user) if who else [],
        "news": news_waiting(request).filter(request__citizen=who.citizen) if who else [],
        "open_requests": who.open_requests if who else [],
        "anonymous": anonymous,
        "words": (p if who or anonymous else q).strip(),
        "post": post_of(request),
        "unsorted": UNSORTED,
    }
    if who or anonymous:
        context |= _prestations(ringing.door(request), p)
        template = "backoffice/reception_prestations.html"
    else:
        looked_up = q.strip() or ringing.number
        found = find_people(looked_up, request.user, limit=FOUND_AT_MOST + 1)
        context |= {
            "looked_up": looked_up,
            "found": found[:FOUND_AT_MOST],
            "more": len(found) > FOUND_AT_MOST,
        }
        template = "backoffice/reception_people.html"
    if request.htmx:
        return render(request, template, context)
    return render(request, "backoffice/reception.html", {**context, "part": template})


def _caller(request: AgentRequest) -> Found | None:
    number = posted_id(request.GET.get("citoyen"))
    if number is None:
        return None
    found = Found(get_object_or_404(Citizen.objects.in_use_at(number)))
    with_open_requests([found], request.user)
    record_look(request.user, found.citizen.pk, looked_for(LookReason.RECEPTION))
    return found


def _prestations(channel: str, text: str) -> dict:
    """The prestations that answer `text` and are open on this channel; the usual ones without.

    Of the others it is said how they are asked for.
    """
    searched = bool(text.strip())
    found = search_prestations(text) if searched else _asked_lately(channel)
    elsewhere = [one for one in found if one.is_open and not one.open_on(channel)]
    return {
        "prestations": [one for one in found if one.open_on(channel)][:SHORTLIST],
        "elsewhere": [other_ways(one, channel) for one in elsewhere[:ELSEWHERE]],
        "searched": searched,
    }


def _asked_lately(channel: str) -> list[Prestation]:
    """What people ask for most these days, among what is open on this channel."""
    lately = ServiceRequest.objects.order_by("-arrived_at", "-id").values_list("prestation")
    ranked = [code for (code,), _times in Counter(lately[:LATELY]).most_common()]
    known = Prestation.objects.open_on(channel).select_related("category").in_bulk(ranked)
    return [known[code] for code in ranked if code in known][:FREQUENT]
