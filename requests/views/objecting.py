"""The link of the person concerned: what was filed in their name, and « Je m’oppose »."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from citizens.void import Link, void_link
from requests import actions
from requests.behalf import request_of_objection
from requests.exceptions import IllegalTransition


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, signed: str) -> HttpResponse:
    """Opening the page changes nothing; it shows no more than the mail did."""
    found = request_of_objection(signed)
    if found is None:
        return void_link(request, Link.OBJECTION)
    over = False
    if request.method == "POST":
        try:
            found = actions.object_to_request(request_id=found.pk)
        except IllegalTransition:
            over = True
    context = {
        "service_request": found,
        "person": found.concerned,
        "over": over or not found.is_open,
    }
    return render(request, "requests/objection.html", context)
