"""Closing the space of an organisation, after saying what becomes of its requests."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.access import CitizenRequest, citizen_required, own_organisation
from citizens.actions import close_organisation
from citizens.exceptions import NotAdministrator, OtherAdministrators
from citizens.forms import CloseOrganisationForm, posted
from requests.models import ServiceRequest


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def close(request: CitizenRequest, organisation_id: int) -> HttpResponse:
    """Ask first; then nobody acts for the organisation, and its requests stay with the town."""
    organisation = own_organisation(request, organisation_id)
    administrators = [one for one in organisation.members.all() if one.is_administrator]
    if all(one.account_id != request.account.pk for one in administrators):
        raise PermissionDenied
    form = CloseOrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            close_organisation(
                organisation_id=organisation.pk,
                by=request.account,
                language=get_language() or "fr",
                now=timezone.now(),
            )
        except NotAdministrator:
            raise PermissionDenied from None
        except OtherAdministrators:
            return redirect("requests:organisation_close", organisation.pk)
        messages.success(request, _("L’espace est fermé. Ses membres sont prévenus."))
        return redirect("citizens:organisations")
    context = {
        "organisation": organisation,
        "form": form,
        "others": len(administrators) > 1,
        "under_way": ServiceRequest.objects.of_organisation(organisation)
        .as_told(timezone.now())
        .told_open()
        .count(),
    }
    return render(request, "requests/organisation_close.html", context)
