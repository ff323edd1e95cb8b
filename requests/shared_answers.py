"""One answer to several people: what it says of one of them, another one would read."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.enums import Location
from prestations.models import Prestation
from requests.exceptions import IllegalTransition
from requests.models import ServiceRequest

SHORTEST = 3  # letters of a name that is looked for: « de » is none


def same_person(one: ServiceRequest, other: ServiceRequest) -> bool:
    """Whether both requests are of one known person."""
    return one.citizen_id is not None and one.citizen_id == other.citizen_id


def refuse_when_followed(service_request: ServiceRequest, prestation: Prestation) -> None:
    """Refuse a prestation where each asks for themselves, when other people's requests follow.

    Raises:
        IllegalTransition: they would get an answer to what somebody else asked for themselves.
    """
    if prestation.location != Location.NONE:
        return
    following = service_request.merged.filter(closed_at=None)
    if not all(same_person(one, service_request) for one in following):
        raise IllegalTransition(
            _(
                "Des demandes d’autres personnes suivent celle-ci, et cette prestation ne porte "
                "pas sur un lieu : défaites d’abord le regroupement."
            )
        )


def refuse_when_naming(service_request: ServiceRequest, *words: str) -> None:
    """Refuse an answer that names somebody, when other people's requests follow this one.

    Raises:
        IllegalTransition: a name, a number or an address of one of them is in `words`.
    """
    following = list(service_request.merged.filter(closed_at=None))
    if all(same_person(one, service_request) for one in following):
        return
    text = "\n".join(words)
    for one in (service_request, *following):
        if named := next(_told_of(one, text), None):
            raise IllegalTransition(
                _(
                    "Cette réponse part aussi aux demandeurs des demandes regroupées : retirez ce "
                    "qui ne concerne que l’un d’eux (« %(named)s »), ou défaites le regroupement."
                )
                % {"named": named}
            )


def _told_of(sr: ServiceRequest, text: str) -> Iterator[str]:
    """What `text` says of the requester of `sr`; a street's name is not theirs."""
    folded, place = fold(text), fold(sr.place)
    capitals = {fold(word): word for word in re.findall(r"\w+", text) if word[0].isupper()}
    for part in re.findall(r"\w+", fold(sr.requester_name)):
        if len(part) >= SHORTEST and part in capitals and part not in place:
            yield capitals[part]
    address = sr.requester_address.split(",")[0]
    for one in (sr.reference, sr.requester_email, address):
        if one and fold(one) in folded and fold(one) not in place:
            yield one
    phone = re.sub(r"\D", "", sr.requester_phone)[-9:]
    if phone and phone in re.sub(r"\D", "", text):
        yield sr.requester_phone
