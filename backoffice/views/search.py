"""The one search box: a reference opens its request, words find requests, people, prestations."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.people import find_people
from backoffice.presenting import short_date, state_badge
from prestations.searching import search_prestations
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of
from requests.references import parse_reference

REQUESTS_SHOWN = 20
PEOPLE_SHOWN = 8
PRESTATIONS_SHOWN = 6


@require_safe
@agent_page()
def search(request: AgentRequest) -> HttpResponse:
    """Look everywhere this person may look."""
    q = " ".join(request.GET.get("q", "")[:200].replace("\x00", "").split())
    scope = scope_of(request.user)
    visible = ServiceRequest.objects.visible_to(request.user)
    reference = parse_reference(q)
    if reference and visible.filter(reference=reference).exists():
        return redirect("backoffice:request", reference=reference)
    rows, people, prestations = [], [], []
    if q:
        found = visible.matching_words(q).select_related("prestation")
        rows = [
            {"sr": sr, "state": state_badge(sr), "day": short_date(sr.arrived_at)}
            for sr in found.order_by("-arrived_at", "-id")[:REQUESTS_SHOWN]
        ]
        if scope.may(Right.LOG_REQUEST):
            people = find_people(q, request.user, limit=PEOPLE_SHOWN)
        prestations = search_prestations(q)[:PRESTATIONS_SHOWN]
    return render(
        request,
        "backoffice/search_results.html",
        {
            "q": q,
            "rows": rows,
            "more": len(rows) == REQUESTS_SHOWN,
            "people": people,
            "prestations": prestations,
            "may_log": scope.may(Right.LOG_REQUEST),
        },
    )
