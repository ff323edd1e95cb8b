"""What the page of a request shows of other requests: merged, linked, alike, beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from backoffice.presenting import state_badge
from massy_grc.common.empties import may_hold
from prestations.streets.distances import box_around
from requests.actions import allowed_verbs
from requests.enums import Verb
from requests.lookalikes import lookalikes, spot_of
from requests.models import RequestLink, ServiceRequest
from requests.models.request import OPEN
from requests.querysets import ServiceRequestQuerySet

SHOWN = 6  # of one person, and at one place
LOOKED_AT = 50  # before rights: the newest of each
NEAR_METRES = 50
SHOWN_OF_EACH = (
    *("reference", "subject", "state", "unread_since", "arrived_at"),
    *("merged_into_id", "citizen_id"),
)


@dataclass(frozen=True)
class Neighbour:
    """Another request, its state in a word, and what links it to the one that is read."""

    sr: ServiceRequest
    state: SafeString
    link: RequestLink | None


def links_of(sr: ServiceRequest, user, verbs: list[Verb]) -> dict[str, Any]:
    """Return the lead or those that follow, the linked, what may be the same, who else and where.

    Only those that `user` may see, each once; the same few queries whatever there is.
    """
    kinds = _links(sr)
    shown = [
        Neighbour(one, state_badge(one), kinds.get(one.pk)) for one in _around(sr, kinds, user)
    ]
    lead = next((one for one in shown if one.sr.pk == sr.merged_into_id), None)
    followers = [one for one in shown if one.sr.merged_into_id == sr.pk]
    linked = [one for one in shown if one.link]
    tied = {one.sr.pk for one in (*followers, *linked, *filter(None, [lead]))}
    alike = lookalikes(sr, user) if Verb.MERGE in verbs else []
    alike = [one for one in alike if one.sr.pk not in tied]
    tied |= {one.sr.pk for one in alike}
    beside = sorted(
        (one for one in shown if one.sr.pk not in tied),
        key=lambda one: (one.sr.arrived_at, one.sr.pk),
        reverse=True,
    )
    theirs = [one for one in beside if sr.citizen_id and one.sr.citizen_id == sr.citizen_id]
    others = [one for one in beside if one not in theirs]
    return {
        "lead": lead,
        "followers": followers,
        "linked": linked,
        "alike": alike,
        "theirs": theirs[:SHOWN],
        "same_place": others[:SHOWN],
        "has_related": bool(tied or beside),
        "may_link": Verb.LINK in verbs,
    }


def shown_beside(sr: ServiceRequest, user) -> list[ServiceRequest]:
    """Those of `links_of` in the order in which the page shows them."""
    shown = links_of(sr, user, allowed_verbs(sr, user))
    parts = ("followers", "alike", "linked", "theirs", "same_place")
    found = [one for part in parts for one in shown[part]]
    return [one.sr for one in (*filter(None, [shown["lead"]]), *found)]


def _links(sr: ServiceRequest) -> dict[int, RequestLink]:
    """The links of a request that stand, by the key of the other."""
    if not may_hold(sr, "links") and not may_hold(sr, "linked"):
        return {}
    rows = RequestLink.objects.filter(Q(request=sr) | Q(other=sr), undone_at=None)
    return {(one.other_id if one.request_id == sr.pk else one.request_id): one for one in rows}


def _around(sr: ServiceRequest, kinds: Collection[int], user) -> QuerySet[ServiceRequest]:
    """Whatever stands around a request, in one query: its parts are looked up by their indexes."""
    every = ServiceRequest.objects.order_by()
    parts: list[ServiceRequestQuerySet] = [every.filter(merged_into=sr)]
    ids = {*kinds, *filter(None, [sr.merged_into_id])}
    if ids:
        parts.append(every.filter(pk__in=ids))
    if sr.citizen_id:
        parts.append(_newest(every.filter(citizen=sr.citizen_id)))
    if (place := _place(sr)) is not None:
        parts.append(_newest(every.filter(place)))
    first, *more = (one.values("pk") for one in parts)
    around = first.union(*more, all=True) if more else first
    known = ServiceRequest.objects.visible_to(user).exclude(pk=sr.pk).filter(pk__in=around)
    return known.only(*SHOWN_OF_EACH).order_by("arrived_at", "pk")


def _newest(rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    return rows.order_by("-arrived_at", "-id")[:LOOKED_AT]


def _place(sr: ServiceRequest) -> Q | None:
    """The same number of the same street; without a street, what is open a few steps away.

    A number that the register lacks, or none, is compared as it was typed: the rest of the street
    is of others.
    """
    if sr.street_id:
        typed = Q() if sr.street_number else Q(place__iexact=sr.place)
        return Q(street=sr.street_id, street_number=sr.street_number) & typed
    if spot := spot_of(sr):
        box = box_around(spot, NEAR_METRES)
        near = Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
        return near & OPEN
    return None
