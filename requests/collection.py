"""Where a document that is ready waits for its requester, and until when."""

from dataclasses import dataclass
from datetime import date

from prestations.models import Site
from requests.enums import State
from requests.letters import words
from requests.letters.known import collection_at
from requests.letters.places import collection_place
from requests.models import Message, ServiceRequest

TITLE_REMINDER = "titre-non-retire"


@dataclass(frozen=True)
class Collection:
    """The place in words, and the last day."""

    place: str
    until: date


def collection_of(service_request: ServiceRequest) -> Collection | None:
    """What the letter that says to come and collect said; None unless the document waits."""
    if service_request.state != State.A_RETIRER or service_request.awaited_until is None:
        return None
    events = service_request.events.standing().filter(to_state=State.A_RETIRER)
    event = events.exclude(from_state=State.A_RETIRER).order_by("number").last()
    message = Message.objects.filter(pk=event.data.get("message")).first() if event else None
    usual_place = collection_at(collection_place(service_request))["lieu"]
    said = message.fields.get("retrait.lieu") if message else ""
    return Collection(place=said or usual_place, until=service_request.awaited_until)


def site_of(service_request: ServiceRequest) -> Site | None:
    """The site where the document waits, or else would."""
    collection = collection_of(service_request)
    told = collection.place if collection else None
    sites = Site.objects.filter(is_active=True)
    waiting = (one for one in sites if collection_at(one)["lieu"] == told)
    return next(waiting, None) or collection_place(service_request)


def is_title(service_request: ServiceRequest) -> bool:
    """Whether it is an identity title, which is destroyed after three months (decree 55-1397)."""
    return TITLE_REMINDER in service_request.prestation.other_templates


def uncollected_words(service_request: ServiceRequest, collection: Collection) -> str:
    """What the closing letter says of a document nobody came for, in French (L22)."""
    told = (
        f"Votre document vous attendait jusqu'au {words.full_date(collection.until)}"
        f" ({collection.place}) et n'a pas été retiré."
    )
    destroyed = " La loi nous oblige à détruire le titre (décret n° 55-1397, article 5)."
    return told + (destroyed if is_title(service_request) else "")
