"""The receipt of a filing as PDF, for the confirmation page of who filed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from citizens.void import Link, void_link
from requests.letters.pdf import PdfUnavailable
from requests.models import ServiceRequest
from requests.notifications.filing import (
    receipt_facts,
    receipt_pdf,
    receipt_words,
)
from requests.uploads import show_pdf
from requests.views.filing_done import confirmed, filed_by


@require_safe
def receipt(request: HttpRequest, signed: str) -> HttpResponse:
    """The receipt behind a confirmation address, for who filed: it bears the tracking code."""
    service_request = confirmed(signed)
    if service_request is None or not filed_by(request, service_request):
        return void_link(request, Link.CONFIRMATION)
    return _answer(request, service_request)


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
