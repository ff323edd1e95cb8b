"""Withdrawing a consent from the foot of a mail, without logging in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from citizens.actions.consents import read_withdrawal, set_consent
from citizens.consents import current_text
from citizens.enums import ConsentSource
from citizens.void import Link, void_link


# A mail program presses the button for its reader without our form (RFC 8058): the signed
# address is the proof, there is no session to ride on.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, signed: str) -> HttpResponse:
    """What was agreed to, and the button that ends it; opening the page changes nothing."""
    read = read_withdrawal(signed)
    if read is None:
        return void_link(request, Link.CONSENT)
    subject, kind = read
    if request.method == "POST":
        set_consent(subject=subject, kind=kind, given=False, source=ConsentSource.LINK)
    context = {"text": current_text(kind).text, "done": request.method == "POST"}
    return render(request, "citizens/consent_withdraw.html", context)
