"""Where a document that is ready waits for its requester, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from prestations.calendars import PARIS
from requests.enums import State
from requests.letters.known import COLLECTION_DAYS, collection_at
from requests.letters.places import collection_place
from requests.models import Message, ServiceRequest


@dataclass(frozen=True)
class Collection:
    """The place in words, and the last day."""

    place: str
    until: date


def collection_of(service_request: ServiceRequest) -> Collection | None:
    """What the letter that says to come and collect said; None unless the document waits."""
    if service_request.state != State.A_RETIRER:
        return None
    events = service_request.events.filter(to_state=State.A_RETIRER)
    event = events.exclude(from_state=State.A_RETIRER).order_by("number").last()
    message = Message.objects.filter(pk=event.data.get("message")).first() if event else None
    said = message.fields if message else {}
    since = event.at if event else service_request.arrived_at
    usual_place = collection_at(collection_place(service_request))["lieu"]
    usual_day = since.astimezone(PARIS).date() + timedelta(days=COLLECTION_DAYS)
    until = said.get("retrait.date_limite")
    return Collection(
        place=said.get("retrait.lieu") or usual_place,
        until=date.fromisoformat(until) if until else usual_day,
    )
