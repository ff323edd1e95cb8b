"""Where a request is, on the map: read from the answer that says where."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.models import FormVersion, Street

LONGEST_NUMBER = 30


@dataclass(frozen=True)
class Spot:
    """Columns of a `ServiceRequest`; blank and None for what is not known."""

    street_id: str | None = None
    street_number: str = ""
    latitude: float | None = None
    longitude: float | None = None


def spot_columns(form_version: FormVersion, answers: Mapping) -> dict[str, Any]:
    """Return the columns of a request that say where its answers put it."""
    form = Questionnaire(form_version, Channel.WEB)  # the place is the same by every channel
    return asdict(spot_of(form.place_answer(answers)))


def spot_of(place: Mapping[str, Any] | None) -> Spot:
    """Return the spot of an address answer (`prestations.forms.register` puts the keys in).

    The number counts only in a street that the register knows: elsewhere it is free text.
    """
    if not place:
        return Spot()
    key = place.get("rue")
    known = bool(key) and Street.objects.filter(pk=key).exists()
    latitude, longitude = place.get("latitude"), place.get("longitude")
    number = (place.get("numero") or "") if known and place.get("adresse") else ""
    return Spot(
        street_id=key if known else None,
        street_number=number[:LONGEST_NUMBER],
        latitude=latitude if longitude is not None else None,
        longitude=longitude if latitude is not None else None,
    )
