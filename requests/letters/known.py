"""What the town knows beside the request: today's date, where documents wait, the appointment."""

from datetime import datetime

from prestations.calendars import PARIS, town_calendar
from prestations.models import Site
from requests.deadlines import collected_by
from requests.letters import words
from requests.letters.context import labels_to_bring, remedy_of, town_or_default
from requests.letters.places import collection_place, opening_words, place_of
from requests.models import ServiceRequest
from requests.promises import promise_in_letter

AT_OPENING = "aux heures d'ouverture"
ANY_IDENTITY = "une pièce d'identité"


def known_values(
    service_request: ServiceRequest, now: datetime, *, refused: bool = False
) -> dict[str, dict[str, str]]:
    """Return the groups of variables that nobody has to type, with their values at `now`.

    Args:
        refused: the remedies are told (CJA R421-5).
    """
    town, place = town_or_default(), collection_place(service_request)
    last_day = collected_by(now.astimezone(PARIS).date(), town_calendar())
    return {
        "requete": {"promesse": promise_in_letter(service_request, now)},
        "decision": {
            "date": words.full_date(now),
            "voies_recours": remedy_of(service_request.prestation) if refused else "",
        },
        "retrait": {
            **collection_at(place),
            "date_limite": words.full_date(last_day),
        },
        "transmission": {"date": words.full_date(now)},
        "famille": {"lien_portail": town.website},
        "rdv": appointment_values(service_request),
    }


def collection_at(place: Site | None) -> dict[str, str]:
    """Where a document waits and when the place is open."""
    if place is None:
        return {"lieu": town_or_default().address, "horaires": AT_OPENING}
    return {
        "lieu": f"{place.label}, {place.address}",
        "horaires": opening_words(place) or AT_OPENING,
    }


def appointment_values(service_request: ServiceRequest) -> dict[str, str]:
    """When, where, and what to bring; empty without an appointment."""
    at, place = service_request.appointment_at, place_of(service_request)
    if at is None:
        return {}
    papers = ", ".join(labels_to_bring(service_request))
    return {
        "date": words.full_date(at),
        "heure": words.clock(at),
        "lieu": f"{place.label}, {place.address}" if place else town_or_default().address,
        "pieces": papers or ANY_IDENTITY,
    }
