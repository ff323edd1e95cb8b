"""The sector of a rule on its pages: what is typed of it, its outline's list, its beside."""

import json
from typing import Any

from django.http import HttpRequest, QueryDict

from backoffice.forms.routing import LONG
from backoffice.outlines import (
    FROM_FILE,
    NEW,
    GestureError,
    OutlineError,
    changed,
    measure_words,
    outlines_told,
    plan_data,
    read_outlines,
    written,
)
from backoffice.sector_pictures import OTHER, OWN, picture_of
from backoffice.sector_streets import courses_of, read_streets, shape_of
from requests.models import RoutingRule
from requests.routing.conditions import Conditions
from requests.routing.sectors import (
    Register,
    check_sector,
    crossing_words,
    neighbours_of,
)

GESTURE = "geste"


def sent(request: HttpRequest) -> QueryDict:
    """Return what a form sent; a file takes the place of the outline that was typed."""
    data = request.POST.copy()
    if file := request.FILES.get("area_file"):
        data["area"] = file.read(4 * LONG).decode(errors="replace").lstrip("\ufeff")
        data[FROM_FILE] = "1"
    return data


def gesture_refused(data: QueryDict) -> str:
    """Do what a button of the list of corners asks, if any: the outline in `data` changes.

    Returns:
        Why it was not done, or why the outline cannot be read; "" when all is well.
    """
    try:
        rings = read_outlines(data.get("area", ""), from_file=FROM_FILE in data)
    except OutlineError as refusal:
        return str(refusal)
    if GESTURE not in data:
        return ""
    places, after = data.get("lieux", ""), data.get("apres", NEW)
    try:
        rings = changed(rings, data.get(GESTURE, ""), places=places, after=after)
    except GestureError as refusal:
        return str(refusal)
    data["area"] = written(rings)
    data["lieux"] = ""
    return ""


def typed_conditions(data: QueryDict) -> Conditions:
    """Return what a form says of its sector and of its requests, as far as it can be read."""
    try:
        rings = read_outlines(data.get("area", ""))
    except OutlineError:
        rings = []
    streets = read_streets(data.get("streets", ""))
    return Conditions(
        prestations=data.getlist("prestations"),
        categories=data.getlist("categories"),
        area=rings,
        streets=streets.keys,
        numbers=streets.numbers,
        requester_kinds=data.getlist("requester_kinds"),
        channels=data.getlist("channels"),
    )


def sector_context(
    conditions: Conditions, rule: RoutingRule | None, *, data: QueryDict | None = None, refused=""
) -> dict[str, Any]:
    """Return what the pages of a rule show of its sector.

    Args:
        data: what was typed beside the outline.
        refused: why a gesture was not done.
    """
    register, neighbours = Register(), neighbours_of(rule)
    rings = [[list(corner) for corner in ring] for ring in conditions.area]
    keys = {*conditions.streets, *(key for one in neighbours for key in one.conditions.streets)}
    courses = courses_of(keys)
    lines = [courses[key] for key in conditions.streets if key in courses]
    has_place = bool(rings or conditions.streets)
    order = rule.order if rule else None
    return {
        "outlines": outlines_told(rings, register),
        "measure": measure_words(rings),
        "area_text": written(rings),
        "rings": json.dumps(rings),
        "crossed": crossing_words(rings, register),
        "checked": check_sector(conditions, neighbours, order=order, register=register)
        if has_place
        else None,
        "refused": refused,
        "unfolded": data is not None and (GESTURE in data or bool(data.get("lieux"))),
        "places": data.get("lieux", "") if data else "",
        "after": data.get("apres", "") if data else "",
        "lines": json.dumps(lines),
        "plan": plan_data(neighbours, courses),
        "picture": picture_of(
            [
                *(shape_of(OTHER, one.conditions, courses, one.name) for one in neighbours),
                shape_of(OWN, conditions, courses),
            ]
        ),
    }
