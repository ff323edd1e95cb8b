"""Small request-wide rules."""

import re
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

# Pages about one person or for the staff: no search engine keeps them.
_PRIVATE = re.compile(
    r"/(agent|pilotage|compte|technique|demandes|fichiers|suivi/lien|boite-aux-lettres)/"
    r"|/signalements/(suivi|arret)/"
    r"|/prestations/[^/]+/demande/."
)
LONGEST_ADDRESS = 4000
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    """Say on every answer that no device is asked for, and on private ones « do not index »."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        if _PRIVATE.match(request.path_info):
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class RefuseNulMiddleware:
    """Answer 400 to an address with a NUL: nobody types one, and PostgreSQL takes none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in the address")
        return self.get_response(request)


class LongAddressMiddleware:
    """Answer 414 with a page to an address longer than any of ours: the server's answer is blank.

    The server takes twice as much (`--limit-request-line`), so that it comes as far as here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if len(request.get_full_path()) > LONGEST_ADDRESS:
            return render(request, "414.html", status=HTTPStatus.REQUEST_URI_TOO_LONG)
        return self.get_response(request)


class MethodPageMiddleware:
    """Give a page to an address that only a form may open: Django's answer is blank."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            response.content = render_to_string("405.html", request=request)
        return response


class NoStoreMiddleware:
    """Keep every dynamic page out of shared and local caches (R19: personal pages, no-store)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response
