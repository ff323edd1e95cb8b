"""The space of an organisation: its drafts and its requests, the same for every member."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from citizens.access import CitizenRequest, citizen_required
from citizens.models import OrganisationAccount
from massy_grc.common.paging import POSITION_PARAMS, keyset_page
from requests import space
from requests.drafts import drafts_of
from requests.views.space import NEWEST, PAGE


@require_safe
@citizen_required
def organisation(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Every request of the organisation, the latest first; one of others does not exist."""
    mine = OrganisationAccount.objects.of_account(request.account)
    found = get_object_or_404(mine, pk=organisation_id)
    page = keyset_page(space.requests_of(found), order=NEWEST, params=request.GET, size=PAGE)
    first_page = not any(param in request.GET for param in POSITION_PARAMS)
    drafts = drafts_of(found)[:PAGE] if first_page else []
    context = {
        "organisation": found,
        "lines": space.lines(page.rows, timezone.now()),
        "page": page,
        "drafts": space.begun(drafts),
    }
    return render(request, "requests/space_organisation.html", context)
