"""The street register: found by name, one street written, closed or opened again."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.sorts import STREETS
from backoffice.views.coded import one_of_sort
from prestations.models import Street
from prestations.streets.names import canonical
from requests.permissions import Right

PAGE_SIZE = 100
AFTER = "apres"


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def streets(request: AgentRequest) -> HttpResponse:
    """The streets by name, `PAGE_SIZE` at a time; ``?q=`` keeps those that hold all the words."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = Street.objects.all()
    for word in canonical(q).split():
        rows = rows.filter(folded__contains=word)
    folded, _tilde, key = request.GET.get(AFTER, "").replace("\x00", "").rpartition("~")
    if key:
        rows = rows.filter(Q(folded__gt=folded) | Q(folded=folded, key__gt=key))
    houses = Count("addresses", filter=Q(addresses__is_active=True))
    found = list(rows.annotate(houses=houses).order_by("folded", "key")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    mark = f"{shown[-1].folded}~{shown[-1].pk}" if len(found) > PAGE_SIZE else ""
    context = {
        "sort": STREETS,
        "rows": shown,
        "q": q,
        "first_url": f"?{urlencode({'q': q})}" if key else "",
        "next_url": f"?{urlencode({'q': q, AFTER: mark})}" if mark else "",
    }
    return render(request, "backoffice/street_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def street(request: AgentRequest, code: str = "") -> HttpResponse:
    """One street, or a new one."""
    return one_of_sort(request, STREETS, code)
