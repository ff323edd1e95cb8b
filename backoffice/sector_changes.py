"""What a change does to the sector of a rule: measured, counted in addresses, drawn."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.sector_pictures import AFTER, BEFORE, Picture, picture_of
from backoffice.sector_streets import courses_of, shape_of
from requests.routing.conditions import Conditions
from requests.routing.sectors import Register
from requests.routing.shapes import hectares
from requests.routing.written import misread

SECTOR = ("area", "streets")
PLACE = (*SECTOR, "numbers")


@dataclass(frozen=True)
class SectorChange:
    """A sector before and after, in sentences and as a drawing of both outlines."""

    words: list[str]
    picture: Picture | None


def sector_change(before: Any, after: Any) -> SectorChange | None:
    """Return what differs between the sectors of two states; None when they are the same, or
    where neither side holds one."""
    old, new = _conditions(before), _conditions(after)
    if all(old.get(name) == new.get(name) for name in PLACE):
        return None
    if not any(side.get(name) for side in (old, new) for name in SECTOR):
        return None
    if misread(old) or misread(new):  # written by another version, or by a file
        return None
    earlier, later = Conditions.read(old), Conditions.read(new)
    register = Register()
    held, holds = register.within(earlier), register.within(later)
    words = [_addresses(len(held), len(holds), len(holds - held), len(held - holds))]
    if earlier.area or later.area:
        words.insert(0, _surface(hectares(earlier.area), hectares(later.area)))
    words += [
        told % {"sample": ", ".join(register.sample(some))}
        for told, some in (
            (_("Gagnées, par exemple : %(sample)s."), holds - held),
            (_("Perdues, par exemple : %(sample)s."), held - holds),
        )
        if some
    ]
    courses = courses_of([*earlier.streets, *later.streets])
    shapes = [shape_of(kind, one, courses) for kind, one in ((AFTER, later), (BEFORE, earlier))]
    return SectorChange(words, picture_of(shapes))


def _conditions(state: Any) -> dict[str, Any]:
    found = state.get("conditions") if isinstance(state, dict) else None
    return found if isinstance(found, dict) else {}


def _surface(before: float, after: float) -> str:
    if not before:
        return _("%(after)s ha, sans contour auparavant.") % {
            "after": number_format(after, 1, force_grouping=True)
        }
    return _("%(after)s ha au lieu de %(before)s ha.") % {
        "after": number_format(after, 1, force_grouping=True),
        "before": number_format(before, 1, force_grouping=True),
    }


def _addresses(before: int, after: int, won: int, lost: int) -> str:
    parts = {
        "after": ngettext("%(n)d adresse", "%(n)d adresses", after) % {"n": after},
        "before": before,
        "won": ngettext("%(n)d gagnée", "%(n)d gagnées", won) % {"n": won},
        "lost": ngettext("%(n)d perdue", "%(n)d perdues", lost) % {"n": lost},
    }
    return _("%(after)s au lieu de %(before)d : %(won)s, %(lost)s.") % parts
