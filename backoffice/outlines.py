"""The outlines of a sector: told corner by corner, changed by addresses, and given to the plan."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prestations.forms.address import SCRIPT_WORDS, split_number
from prestations.streets.lookup import match
from requests.routing.areas import FEWEST_CORNERS, Ring, read_area
from requests.routing.sectors import Neighbour, Register
from requests.routing.shapes import as_geojson, hectares, is_hole, size_words

REMOVE, DROP, ADD = "retirer", "oter", "ajouter"
FROM_FILE = "area_from_file"
NEW = "nouveau"  # the addresses make an outline of their own
UNREADABLE = gettext_lazy(
    "Ce texte n’est pas un polygone GeoJSON. Copiez-le en entier depuis la carte."
)
FILE_UNREADABLE = gettext_lazy(
    "Ce fichier n’est pas un polygone GeoJSON. Exportez-le de nouveau depuis la carte."
)
Rings = list[list[list[float]]]

# What static/js/sector.js says.
WORDS = {
    "set": gettext_lazy("Point %n posé, %a."),
    "moved": gettext_lazy("Point %n déplacé, %a."),
    "removed": gettext_lazy("Point retiré. Il en reste %n."),
    "closed": gettext_lazy("Contour fermé : %n points."),
    "begun": gettext_lazy("Nouveau contour : posez au moins trois points, puis fermez-le."),
    "undone": gettext_lazy("Dernier geste annulé."),
    "cursor": gettext_lazy("Curseur %a."),
    "point": gettext_lazy("Point %n sur %m"),
    "outline": gettext_lazy("Contour %n"),
    "near": gettext_lazy("près de : %a"),
    "nowhere": gettext_lazy("sans adresse connue à côté"),
    "failed": gettext_lazy(
        "Le plan ne s’affiche pas. Les points du contour se changent dans la liste ci-dessous."
    ),
    "unchecked": gettext_lazy("Le contour n’a pas pu être vérifié. Il le sera à l’enregistrement."),
}


class OutlineError(ValueError):
    """A text that is no sector, or too large a one; its words say which."""


class GestureError(ValueError):
    """A gesture that cannot be done; its words say why."""


@dataclass(frozen=True)
class Corner:
    """A corner of an outline: its number, the gesture that removes it, the address near it."""

    number: int
    code: str
    near: str


@dataclass(frozen=True)
class Outline:
    """One outline of a sector, as people read it."""

    number: int
    is_hole: bool
    corners: list[Corner]

    @property
    def code(self) -> str:
        return str(self.number - 1)


def outlines_told(rings: Sequence[Ring], register: Register) -> list[Outline]:
    """Return the outlines of a sector, each corner with the address nearest to it."""
    holes = is_hole(rings)
    return [
        Outline(
            number=rank + 1,
            is_hole=holes[rank],
            corners=[
                Corner(at + 1, f"{rank}:{at}", register.near(corner))
                for at, corner in enumerate(ring)
            ],
        )
        for rank, ring in enumerate(rings)
    ]


def read_outlines(text: str, *, from_file: bool = False) -> Rings:
    """Return the rings of what stands in the form; [] for nothing.

    Args:
        from_file: the text is a file's: whoever sent it never saw it.

    Raises:
        OutlineError: it is no area, or too large a one.
    """
    try:
        rings = read_area(json.loads(text)) if text.strip() else []
    except (ValueError, RecursionError):
        raise OutlineError(FILE_UNREADABLE if from_file else UNREADABLE) from None
    if large := size_words(rings):
        raise OutlineError(large)
    return rings


def written(rings: Sequence[Ring]) -> str:
    """Return rings as the form holds them; "" for none."""
    return json.dumps(as_geojson(rings)) if rings else ""


def changed(rings: Rings, gesture: str, *, places: str = "", after: str = NEW) -> Rings:
    """Do one gesture of the list of corners.

    Args:
        gesture: ``retirer:0:3``, ``oter:0`` or ``ajouter``.
        places: addresses to add, one a line.
        after: the corner that they follow, or `NEW`.

    Raises:
        GestureError: the gesture makes no sense of these outlines, or an address is unknown.
    """
    verb, _colon, where = gesture.partition(":")
    rings = [list(ring) for ring in rings]
    if verb == ADD:
        rings = _added(rings, places, after)
        if large := size_words(rings):
            raise GestureError(large)
        return rings
    ring, corner = _place(rings, where)
    if verb == DROP or (verb == REMOVE and len(rings[ring]) <= FEWEST_CORNERS):
        del rings[ring]
    elif verb == REMOVE:
        del rings[ring][corner]
    else:
        raise GestureError(_("Ce geste n’existe pas."))
    return rings


def _added(rings: Rings, places: str, after: str) -> Rings:
    points = _points(places)
    if after == NEW:
        if len(points) < FEWEST_CORNERS:
            raise GestureError(_("Un nouveau contour demande trois adresses au moins."))
        return [*rings, points]
    ring, corner = _place(rings, after)
    rings[ring][corner + 1 : corner + 1] = points
    return rings


def _place(rings: Rings, where: str) -> tuple[int, int]:
    numbers = [int(one) if one.isdecimal() and len(one) < 6 else -1 for one in where.split(":")]
    ring, corner = [*numbers, 0][:2]
    if not (0 <= ring < len(rings) and 0 <= corner < len(rings[ring])):
        raise GestureError(_("Ce point n’est plus dans le contour."))
    return ring, corner


def _points(places: str) -> list[list[float]]:
    """Where addresses are, typed one a line."""
    lines = [line.strip() for line in places.splitlines() if line.strip()]
    if not lines:
        raise GestureError(_("Écrivez au moins une adresse."))
    found, unknown = [], []
    for line in lines:
        number, street = split_number(line)
        known = match(street, number)
        point = known.point if known and (known.address or not number) else None
        if point:
            found.append([round(point.longitude, 6), round(point.latitude, 6)])
        else:
            unknown.append(line)
    if unknown:
        raise GestureError(
            ngettext(
                "Cette adresse n’est pas au répertoire : %(names)s.",
                "Ces adresses ne sont pas au répertoire : %(names)s.",
                len(unknown),
            )
            % {"names": ", ".join(unknown)}
        )
    return found


def measure_words(rings: Sequence[Ring]) -> str:
    """« 12,4 ha, 2 contours, 9 points »; "" without an outline."""
    if not rings:
        return ""
    count = sum(map(len, rings))
    outlines = ngettext("%(number)d contour", "%(number)d contours", len(rings))
    points = ngettext("%(number)d point", "%(number)d points", count)
    return _("%(area)s ha, %(outlines)s, %(points)s") % {
        "area": number_format(hectares(rings), 1, force_grouping=True),
        "outlines": outlines % {"number": len(rings)},
        "points": points % {"number": count},
    }


def plan_data(neighbours: Sequence[Neighbour], courses: Mapping[str, list]) -> dict[str, str]:
    """What the script of the plan reads.

    Args:
        courses: of the streets of the neighbours, by key.
    """
    others = [
        {
            "name": one.name,
            "rings": one.conditions.area,
            "lines": [courses[key] for key in one.conditions.streets if key in courses],
        }
        for one in neighbours
    ]
    words = {key: str(text) for key, text in {**SCRIPT_WORDS, **WORDS}.items()}
    return {
        "tiles": settings.MAP_TILES_URL,
        "attribution": settings.MAP_ATTRIBUTION,
        "words": json.dumps(words),
        "neighbours": json.dumps(others),
    }
