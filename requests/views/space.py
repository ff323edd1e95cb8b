"""The citizen's space: what they asked, what was written to them, what they received."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from citizens.access import CitizenRequest, citizen_required
from massy_grc.common.paging import POSITION_PARAMS, Order, keyset_page
from requests import space

PAGE = 20
UNREAD_AT_MOST = 50
NEWEST = Order("arrived_at", descending=True)
LAST_WRITTEN = Order("last_at", descending=True)
LAST_MADE = Order("created_at", descending=True)


@require_safe
@citizen_required
def requests_list(request: CitizenRequest) -> HttpResponse:
    """Every request of the account, the latest first."""
    page = keyset_page(
        space.requests_of(request.account), order=NEWEST, params=request.GET, size=PAGE
    )
    context = {"lines": space.lines(page.rows, timezone.now()), "page": page}
    return render(request, "requests/space_requests.html", context)


@require_safe
@citizen_required
def conversations(request: CitizenRequest) -> HttpResponse:
    """Every conversation; what was not read yet stands first, on the first page."""
    first_page = not any(param in request.GET for param in POSITION_PARAMS)
    unread = space.conversations_of(request.account, unread=True)
    unread = unread.order_by(*LAST_WRITTEN.ordering())
    page = keyset_page(
        space.conversations_of(request.account, unread=False),
        order=LAST_WRITTEN,
        params=request.GET,
        size=PAGE,
    )
    context = {"unread": list(unread[:UNREAD_AT_MOST]) if first_page else [], "page": page}
    return render(request, "requests/space_messages.html", context)


@require_safe
@citizen_required
def documents(request: CitizenRequest) -> HttpResponse:
    """Every document received from the town, the latest first."""
    page = keyset_page(
        space.documents_of(request.account), order=LAST_MADE, params=request.GET, size=PAGE
    )
    return render(request, "requests/space_documents.html", {"page": page})
