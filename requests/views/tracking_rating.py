"""The question at the end: is it settled, and how was it?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests import actions
from requests.exceptions import RequestError
from requests.forms.tracking import RatingForm
from requests.models import ServiceRequest
from requests.opinions import closing_of_link
from requests.views.tracking import gives_back, own_request, rating_form_of, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the requester's opinion; « not settled » opens the request again."""
    service_request = own_request(request, reference)
    if request.method != "POST":
        return redirect("requests:track", service_request.reference)
    if not actions.may_rate(service_request, timezone.now()):
        messages.info(request, _("Votre avis est déjà enregistré. Merci."))
        return redirect("requests:track", service_request.reference)
    form = rating_form_of(service_request, request.POST)
    if not form.is_valid():
        return render_page(request, service_request, rating_form=form)
    _keep(request, service_request, form)
    return redirect("requests:track", service_request.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """The same question behind the link of a closing letter; it serves once."""
    service_request = closing_of_link(signed)
    if service_request is None or not actions.may_rate(service_request, timezone.now()):
        return render(request, "requests/opinion_void.html", status=410)
    form = rating_form_of(service_request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _keep(request, service_request, form)
        return redirect("home")
    context = {"service_request": service_request, "rating_form": form, "has_errors": form.errors}
    return render(request, "requests/opinion.html", context)


def _keep(request: HttpRequest, service_request: ServiceRequest, form: RatingForm) -> None:
    """Keep the opinion, and thank for it in words that say what follows."""
    try:
        rating = actions.rate_request(request_id=service_request.pk, **form.cleaned_data)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return
    service_request.refresh_from_db()
    if service_request.is_open:
        thanks = _("Merci. Votre demande est rouverte, nous la reprenons.")
    elif rating.solved is False:
        thanks = _("Merci. Cette demande est trop ancienne : déposez-en une nouvelle.")
    else:
        thanks = _("Merci pour votre avis.")
    messages.success(request, thanks)
