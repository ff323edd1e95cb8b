"""A space, a citizen's or an organisation's: what was asked, written and received."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from citizens.access import CitizenRequest, citizen_required, own_organisation
from citizens.models import CitizenAccount, OrganisationAccount
from massy_grc.common.paging import POSITION_PARAMS, Order, Page, keyset_page
from requests import space
from requests.drafts import drafts_of

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
def organisation(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Every request of the organisation, the latest first; one of others does not exist."""
    found = own_organisation(request, organisation_id)
    page = keyset_page(space.requests_of(found), order=NEWEST, params=request.GET, size=PAGE)
    drafts = drafts_of(found)[:PAGE] if _is_first_page(request) else []
    context = {
        "organisation": found,
        "lines": space.lines(page.rows, timezone.now()),
        "page": page,
        "drafts": space.begun(drafts),
    }
    return render(request, "requests/space_organisation.html", context)


@require_safe
@citizen_required
def conversations(request: CitizenRequest) -> HttpResponse:
    """Every conversation; what was not read yet stands first, on the first page."""
    context = _conversations(request, request.account)
    return render(request, "requests/space_messages.html", context | {"level": 2})


@require_safe
@citizen_required
def organisation_conversations(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Every conversation of the organisation; its members share what is read."""
    found = own_organisation(request, organisation_id)
    context = _conversations(request, found) | {"organisation": found, "level": 3}
    return render(request, "requests/space_messages.html", context)


@require_safe
@citizen_required
def documents(request: CitizenRequest) -> HttpResponse:
    """Every document received from the town, the latest first."""
    return render(
        request, "requests/space_documents.html", {"page": _documents(request, request.account)}
    )


@require_safe
@citizen_required
def organisation_documents(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Every document that the organisation received from the town, the latest first."""
    found = own_organisation(request, organisation_id)
    context = {"organisation": found, "page": _documents(request, found)}
    return render(request, "requests/space_documents.html", context)


def _is_first_page(request: CitizenRequest) -> bool:
    return not any(param in request.GET for param in POSITION_PARAMS)


def _conversations(
    request: CitizenRequest, owner: CitizenAccount | OrganisationAccount
) -> dict[str, Any]:
    unread = space.conversations_of(owner, unread=True).order_by(*LAST_WRITTEN.ordering())
    page = keyset_page(
        space.conversations_of(owner, unread=False),
        order=LAST_WRITTEN,
        params=request.GET,
        size=PAGE,
    )
    first = _is_first_page(request)
    return {"unread": list(unread[:UNREAD_AT_MOST]) if first else [], "page": page}


def _documents(request: CitizenRequest, owner: CitizenAccount | OrganisationAccount) -> Page:
    return keyset_page(space.documents_of(owner), order=LAST_MADE, params=request.GET, size=PAGE)
