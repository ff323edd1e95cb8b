"""Open reports near a place: before a duplicate is filed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from prestations.models import Prestation
from prestations.streets.distances import Point, box_around, metres_between, within
from requests.models import ServiceRequest
from requests.querysets import ServiceRequestQuerySet
from requests.reports import PublicReport, told_reports
from requests.spots import spot_of

SHOWN = 5
OTHERS_SHOWN = 3
LOOKED_AT = 50  # candidates in the square around, before the exact distance


def open_reports_near(
    prestation: Prestation, place: Mapping[str, Any] | None
) -> list[PublicReport]:
    """Return the open public reports of this kind near an address answer, nearest first.

    Near is `Prestation.nearby_metres`; in the same street when either place has no more than
    its street. Nothing for a prestation whose reports are not public.
    """
    same = (
        ServiceRequest.objects.public_reports().told_open().leading().filter(prestation=prestation)
    )
    return told_reports(_near(same, prestation, place)[:SHOWN])


def other_reports_near(
    prestation: Prestation, place: Mapping[str, Any] | None
) -> list[PublicReport]:
    """Return those of the same team's other kinds, as near: the same category's first."""
    reports = ServiceRequest.objects.public_reports().told_open().leading()
    others = reports.filter(prestation__team=prestation.team_id).exclude(prestation=prestation)
    rows = _near(others, prestation, place)
    rows.sort(key=lambda row: row.category_id != prestation.category_id)
    return told_reports(rows[:OTHERS_SHOWN])


def _near(
    rows: ServiceRequestQuerySet, prestation: Prestation, place: Mapping[str, Any] | None
) -> list[ServiceRequest]:
    """Those of `rows` near the place, nearest first; in its street, newest first."""
    spot = spot_of(place)
    if not prestation.public_reports or not place:
        return []
    exact = place.get("precision") in ("point", "adresse")
    if exact and spot.latitude is not None and spot.longitude is not None:
        here = Point(spot.latitude, spot.longitude)
        around = Q(**within(box_around(here, prestation.nearby_metres)))
        vague = Q(street=spot.street_id, street_number="") if spot.street_id else Q(pk=None)
        found = [
            (metres_between(here, Point(row.latitude or 0.0, row.longitude or 0.0)), row)
            for row in rows.filter(around | vague)[:LOOKED_AT]
        ]
        near = [
            (metres, row)
            for metres, row in found
            if metres <= prestation.nearby_metres
            or (row.street_id == spot.street_id and not row.street_number)
        ]
        return [row for _metres, row in sorted(near, key=lambda one: one[0])]
    if spot.street_id is None:
        return []
    return list(rows.filter(street=spot.street_id).order_by("-arrived_at", "-id")[:LOOKED_AT])
