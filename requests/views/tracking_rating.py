"""The question at the end: is it settled, and how was it?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests import actions
from requests.exceptions import RequestError
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
    try:
        rating = actions.rate_request(request_id=service_request.pk, **form.cleaned_data)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("requests:track", service_request.reference)
    service_request.refresh_from_db()
    if service_request.is_open:
        thanks = _("Merci. Votre demande est rouverte, nous la reprenons.")
    elif rating.solved is False:
        thanks = _("Merci. Cette demande est trop ancienne : déposez-en une nouvelle.")
    else:
        thanks = _("Merci pour votre avis.")
    messages.success(request, thanks)
    return redirect("requests:track", service_request.reference)
