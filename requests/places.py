"""What is doubtful about a place just given: a street unknown, or a report made already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from prestations.models import Prestation, Street
from prestations.streets.lookup import active_streets, streets_like
from requests.nearby import open_reports_near
from requests.reports import PublicReport

PROPOSED = 5


@dataclass(frozen=True)
class PlaceDoubt:
    """What is to be asked once before a place is taken as it is.

    Attributes:
        street: the street as it is in the answer.
        typed: the same as written when the register has no such street, else blank.
        streets: those of the register that look like it.
        reports: open reports of the same kind near the place.
    """

    street: str
    typed: str
    streets: list[Street]
    reports: list[PublicReport]


def doubt_about(
    prestation: Prestation, place: Mapping[str, Any] | None, seen: Collection[str] = ()
) -> PlaceDoubt | None:
    """What there is to ask about a place; None when there is nothing.

    Args:
        seen: numbers of the reports shown while the place was typed: not asked about again.
    """
    if not place:
        return None
    unknown = not place.get("rue") and not place.get("commune") and active_streets().exists()
    street = str(place.get("voie") or "")
    typed = street if unknown else ""
    near = open_reports_near(prestation, place)
    reports = [] if seen and all(str(one.pk) in seen for one in near) else near
    if not unknown and not reports:
        return None
    streets = streets_like(typed, PROPOSED) if typed else []
    return PlaceDoubt(street=street, typed=typed, streets=streets, reports=reports)
