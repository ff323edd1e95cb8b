"""The street that a free text names: « mon lampadaire devant le 72 rue de l’Industrie »."""

import re
from typing import NamedTuple

from prestations.forms.address import PARTS
from prestations.forms.register import registered
from prestations.streets.lookup import active_streets
from prestations.streets.names import spelt_out

# A number stands before its street, as in « 72 rue », « 12 bis, rue », « le 72 de la rue ».
_NUMBER_BEFORE = re.compile(
    r"(?:^|\s)([0-9]{1,4}(?:\s?(?:bis|ter|quater))?)(?:\s(?:de la|de l|du))?$"
)


class _Found(NamedTuple):
    start: int
    end: int
    name: str


def place_named(text: str) -> dict | None:
    """Return the one place of the street register that a text names, as forms keep an address.

    The kind of the street must be there (« rue », « av. »): a name alone may be anything. A text
    that names several streets, or none, gives None: an agent reads which is meant.

    Args:
        text: as somebody wrote it.
    """
    said = f" {spelt_out(text)} "
    found = [
        _Found(start, start + len(folded), name)
        for name, folded in active_streets().values_list("name", "folded")
        if " " in folded and (start := said.find(f" {folded} ") + 1)
    ]
    # « rue du Pont » stands within « rue du Pont de Pierre »
    whole = [
        one
        for one in found
        if not any(
            other is not one and other.start <= one.start and one.end <= other.end
            for other in found
        )
    ]
    if len({one.name for one in whole}) != 1:
        return None
    street = whole[0]
    number = _NUMBER_BEFORE.search(said[: street.start].rstrip())
    parts = dict.fromkeys(PARTS) | {"voie": street.name, "numero": number[1] if number else None}
    return registered(parts)
