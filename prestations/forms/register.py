"""An address answer meets the street register: normalised, with its keys and coordinates (L17)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.context_processors import current_town
from prestations.streets.distances import Point
from prestations.streets.lookup import active_streets, is_in_town, match, nearest

# How well the coordinates of an answer are known.
PIN, HOUSE, STREET = "point", "adresse", "rue"
_POSITION = re.compile(r"(-?[0-9]{1,2}\.[0-9]{1,12}),(-?[0-9]{1,3}\.[0-9]{1,12})")


def read_pin(text: str) -> Point | None:
    """Read the place of the pin on the plan, « 48.7306,2.2785 »; None without pin.

    Raises:
        ValidationError: outside the town, or no coordinates at all.
    """
    if not text:
        return None
    found = _POSITION.fullmatch(text)
    point = Point(float(found[1]), float(found[2])) if found else None
    if point is None or not is_in_town(point):
        raise ValidationError(
            _("Ce point est hors de la ville. Déplacez-le, ou indiquez la rue."), code="position"
        )
    return point


def pin_of(value: dict[str, Any]) -> str:
    """The contrary of `read_pin`, for an answer whose place was shown on the plan."""
    if value.get("precision") != PIN:
        return ""
    return f"{value['latitude']:.6f},{value['longitude']:.6f}"


def street_at(pin: Point) -> str:
    """The street nearest to a pin; blank when none is near."""
    found = nearest(pin)
    return found.street.name if found else ""


def registered(address: dict[str, Any], pin: Point | None = None) -> dict[str, Any]:
    """Return the address with what the register knows of it.

    A known street gets its official name and the keys ``rue``, ``adresse`` (None without a known
    number), ``latitude``, ``longitude`` and ``precision``. A street that the register does not
    know stays as it was typed: it is accepted. Addresses in other towns are left alone.

    Args:
        pin: where the visitor put it on the plan; believed rather than the register.
    """
    known = (
        None
        if _elsewhere(address)
        else match(address["voie"] or "", address["numero"], address["code_postal"])
    )
    point = pin or (known.point if known else None)
    if known is None and point is None:
        return address
    found = dict(address)
    if known:
        found |= {
            "voie": known.street.name,
            "rue": known.street.key,
            "adresse": known.address.key if known.address else None,
        }
        if known.address:
            found["numero"] = known.address.label
    if point:
        precision = PIN if pin else HOUSE if known and known.address else STREET
        found |= {
            "latitude": point.latitude,
            "longitude": point.longitude,
            "precision": precision,
        }
    return found


def town_of(address: dict[str, Any]) -> dict[str, str | None]:
    """The postcode and the town of an address whose street the register knows; {} of another."""
    street = active_streets().filter(pk=address.get("rue")).first()
    town = current_town()
    if street is None or town is None:
        return {}
    return {"code_postal": street.postcode or town.postcode, "commune": town.name}


def _elsewhere(address: dict[str, Any]) -> bool:
    town, typed = current_town(), address["commune"]
    return town is not None and bool(typed) and fold(typed) != fold(town.name)
