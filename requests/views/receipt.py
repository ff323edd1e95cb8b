"""The receipt of a filing as PDF, for the confirmation page of who filed."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from requests.letters.pdf import PdfUnavailable
from requests.models import ServiceRequest
from requests.notifications.filing import (
    receipt_facts,
    receipt_pdf,
    receipt_words,
)
from requests.uploads import show_pdf
from requests.views.filing_done import CONFIRMATION_LIFE, SALT, filed_by


@require_safe
def receipt(request: HttpRequest, signed: str) -> HttpResponse:
    """The receipt behind a confirmation address; 404 when that is forged, too old or another's."""
    try:
        pk = signing.loads(signed, salt=SALT, max_age=CONFIRMATION_LIFE)
    except signing.BadSignature:
        raise Http404 from None
    service_request = get_object_or_404(_with_all(), pk=pk, anonymised_at=None)
    if not filed_by(request, service_request):  # it bears the tracking code
        raise Http404
    return _answer(request, service_request)


def _with_all():
    return ServiceRequest.objects.select_related(
        "prestation", "form_version", "team", "department", "citizen", "organisation", "site"
    )


def _answer(request: HttpRequest, service_request: ServiceRequest) -> HttpResponse:
    """The receipt; without Pango, the same as a page to print."""
    try:
        return show_pdf(*receipt_pdf(service_request))
    except PdfUnavailable:
        return _page(request, service_request)


def _page(request: HttpRequest, service_request: ServiceRequest) -> HttpResponse:
    rendered = receipt_words(service_request)
    rows = [{"label": label, "value": value} for label, value in receipt_facts(service_request)]
    context = {"rendered": rendered, "rows": rows, "service_request": service_request}
    return render(request, "letters/receipt_page.html", context)
