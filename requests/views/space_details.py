"""The citizen's information, and by which way each kind of news comes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.access import CitizenRequest, citizen_required
from citizens.actions import update_citizen
from requests.actions import update_details
from requests.forms.space import DetailsForm, NewsForm


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def details(request: CitizenRequest) -> HttpResponse:
    """Phone, postal address, usage name; names and birth date are only shown."""
    citizen = request.account.citizen
    form = DetailsForm(request.POST or None, citizen=citizen)
    if form.is_valid():
        update_details(citizen_id=citizen.pk, **form.record_fields())
        messages.success(request, _("Vos informations sont à jour."))
        return redirect("requests:space_details")
    return render(request, "requests/space_details.html", {"form": form, "citizen": citizen})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def news(request: CitizenRequest) -> HttpResponse:
    """The preferred way for each kind of news; the letters obey it."""
    citizen = request.account.citizen
    form = NewsForm(request.POST or None, citizen=citizen)
    if form.is_valid():
        update_citizen(citizen_id=citizen.pk, **form.cleaned_data)
        messages.success(request, _("Vos préférences sont enregistrées."))
        return redirect("requests:space_news")
    return render(request, "requests/space_news.html", {"form": form})
