"""What a requester reads about a refusal: that it is one, why, and how to contest it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from prestations.enums import DeliveryMode
from prestations.presentation import present
from requests.enums import Outcome, State, Verb
from requests.models import Message, ServiceRequest


@dataclass(frozen=True)
class Refusal:
    """A refusal as its requester reads it: the reasons of the answer, and the remedies."""

    reasons: str
    remedies: str


def refusal_of(service_request: ServiceRequest) -> Refusal | None:
    """The refusal that closed a request; None when it was granted, or is open again.

    The remedies are those of the letter, with their delays (CJA R421-5).
    """
    if service_request.state != State.CLOSE:
        return None
    answer = service_request.events.standing().filter(verb=Verb.ANSWER).order_by("number").last()
    if answer is None or answer.data.get("outcome") != Outcome.NEGATIVE:
        return None
    message = Message.objects.filter(pk=answer.data.get("message")).first()
    return Refusal(
        reasons=message.body if message else "",
        remedies=present(service_request.prestation).appeal,
    )


def coming_back(service_request: ServiceRequest, refusal: Refusal | None) -> str:
    """What the button to reopen says: a repair may not hold, a decision may be contested."""
    repaired = DeliveryMode.INTERVENTION in service_request.prestation.delivery_modes
    if repaired and refusal is None:
        return _("Le problème n’est pas réglé")
    return _("Je conteste ou j’ai un élément nouveau")
