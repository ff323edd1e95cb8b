"""The street register for the address field: suggestions, the place of a pin, the plan.

Public data, the same for everybody: answers may be kept by caches.
"""

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from massy_grc.common.throttle import Limit, client_address, spend
from prestations.context_processors import current_town
from prestations.forms.address import split_number
from prestations.models import Address, Street
from prestations.streets.distances import Point
from prestations.streets.lookup import Match, active_streets, nearest, streets_like
from prestations.streets.names import number_and_suffix

SHOWN = 8
LONGEST = 120
# A quick typist asks some five times an address; a school's library shares one address.
LIMIT = Limit("addresses", attempts=600, window=timedelta(minutes=10))
KEPT = 3600  # seconds an answer may be kept


@require_safe
def addresses(request: HttpRequest) -> JsonResponse:
    """Addresses that `q` may be the beginning of; with a number, those that exist come first."""
    if wait := spend(LIMIT, client_address(request), timezone.now()):
        return _too_many(wait)
    number, street = split_number(request.GET.get("q", "")[:LONGEST].strip())
    streets = streets_like(street, SHOWN)
    parts = number_and_suffix(number) if number else None
    found = [Match(row) for row in streets]
    if parts:
        numbered = Address.objects.filter(
            street__in=streets, number=parts[0], is_active=True
        ).order_by("suffix")
        if parts[1]:
            numbered = numbered.filter(suffix=parts[1])
        by_street = {row.pk: row for row in streets}
        rank = {row.pk: at for at, row in enumerate(streets)}
        houses = sorted(numbered, key=lambda row: rank[row.street_id])
        found = [Match(by_street[row.street_id], row) for row in houses] + found
    return _public_json({"suggestions": [_told(one) for one in found[:SHOWN]]})


@require_safe
def address_at(request: HttpRequest) -> JsonResponse:
    """The address nearest to ``lat``, ``lon``; ``address`` is null where none is near."""
    if wait := spend(LIMIT, client_address(request), timezone.now()):
        return _too_many(wait)
    try:
        point = Point(float(request.GET.get("lat", "")), float(request.GET.get("lon", "")))
    except ValueError:
        return JsonResponse({"error": _("Coordonnées illisibles.")}, status=400)
    if not (abs(point.latitude) <= 90 and abs(point.longitude) <= 180):
        return JsonResponse({"error": _("Coordonnées illisibles.")}, status=400)
    found = nearest(point)
    return _public_json({"address": _told(found) if found else None})


@require_safe
@gzip_page
def plan(request: HttpRequest) -> JsonResponse:
    """The courses and names of the streets, from which the plan is drawn without any map server."""
    rows = active_streets().exclude(latitude=None)
    return _public_json({"streets": [_course(row) for row in rows]})


def _course(street: Street) -> dict:
    place = [street.longitude, street.latitude]
    return {"name": street.name, "place": place, "line": street.line}


def _told(found: Match) -> dict:
    town, point = current_town(), found.point
    number = found.address.label if found.address else ""
    return {
        "label": f"{number} {found.street.name}".strip(),
        "street": found.street.name,
        "number": number,
        "postcode": found.street.postcode,
        "town": town.name if town else "",
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
    }


def _too_many(seconds: int) -> JsonResponse:
    """The field then works by typing alone."""
    response = JsonResponse({"suggestions": [], "address": None}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _public_json(data: dict) -> JsonResponse:
    response = JsonResponse(data)
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
