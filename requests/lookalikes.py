"""Requests that may ask the same as another: by person, place, words and time."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from massy_grc.common.text import fold
from prestations.streets.distances import Point, box_around, metres_between
from requests.models import ServiceRequest
from requests.recurrence import similarities, words_of

APART = timedelta(days=60)  # between the two arrivals
METRES = 150
ALIKE = 0.3  # trigram similarity of the words, of one person or at one place
COMPARED = 50  # the nearest in time of those that share a person or a place
SHOWN = 3


@dataclass(frozen=True)
class Lookalike:
    """A request that may ask the same, and why: the person, the place, how alike (0 to 1)."""

    sr: ServiceRequest
    same_person: bool
    same_place: bool
    alike: float
    days: int


def lookalikes(sr: ServiceRequest, user) -> list[Lookalike]:
    """Return open requests that `user` may see and that may ask the same, the likest first.

    They share a person or a place, and their words are alike. Two queries.
    """
    who, where = _same_person(sr), _near(sr)
    if sr.merged_into_id or sr.anonymised_at or not sr.is_open or not (who or where):
        return []
    rows = (
        ServiceRequest.objects.visible_to(user)
        .open()
        .leading()
        .filter(who | where, arrived_at__range=(sr.arrived_at - APART, sr.arrived_at + APART))
        .exclude(pk=sr.pk)
    )
    known = list(
        rows.defer("search_vector")
        .select_related("prestation")
        .order_by("-arrived_at", "-pk")[:COMPARED]
    )
    scores = similarities(words_of(sr), {one.pk: words_of(one) for one in known})
    found = [
        Lookalike(
            one,
            same_person=_is_same_person(sr, one),
            same_place=_is_near(sr, one),
            alike=scores[one.pk],
            days=abs((timezone.localdate(one.arrived_at) - timezone.localdate(sr.arrived_at)).days),
        )
        for one in known
        if scores[one.pk] >= ALIKE
    ]
    found = [one for one in found if one.same_person or one.same_place]
    found.sort(key=lambda one: (-(one.alike + one.same_person + one.same_place), one.days))
    return found[:SHOWN]


def _same_person(sr: ServiceRequest) -> Q:
    who = Q()
    if sr.citizen_id:
        who |= Q(citizen=sr.citizen_id)
    if sr.requester_email:
        who |= Q(requester_email=sr.requester_email)
    if sr.requester_phone:
        who |= Q(requester_phone=sr.requester_phone)
    return who


def _near(sr: ServiceRequest) -> Q:
    where = Q()
    if sr.street_id:
        where |= Q(street=sr.street_id)
    if spot := spot_of(sr):
        box = box_around(spot, METRES)
        where |= Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
    return where


def _is_same_person(one: ServiceRequest, other: ServiceRequest) -> bool:
    if one.citizen_id and one.citizen_id == other.citizen_id:
        return True
    email = fold(one.requester_email)
    phone = one.requester_phone
    return bool(
        (email and email == fold(other.requester_email))
        or (phone and phone == other.requester_phone)
    )


def _is_near(one: ServiceRequest, other: ServiceRequest) -> bool:
    if one.category_id != other.category_id and not one.prestation.is_unsorted:
        return False
    if one.street_id and one.street_id == other.street_id:
        return True
    here, there = spot_of(one), spot_of(other)
    return here is not None and there is not None and metres_between(here, there) <= METRES


def spot_of(sr: ServiceRequest) -> Point | None:
    if sr.latitude is None or sr.longitude is None:
        return None
    return Point(sr.latitude, sr.longitude)
