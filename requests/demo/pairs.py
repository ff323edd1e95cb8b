"""The demo's requests that ask the same: merged, suggested, linked; and one that comes back."""

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from massy_grc.users.models import User
from prestations.enums import Location
from requests import actions
from requests.actions.repeating import needs_documents
from requests.demo.people import Staff
from requests.enums import Rhythm, State, Verb
from requests.models import RequestLink, ServiceRequest
from requests.workflow import VERBS

PLACED = ("street", "street_number", "latitude", "longitude", "place", "answers", "subject")
SEASONAL = "espaces-verts-entretien"  # comes back each year


def make_pairs(staff: Staff, now: datetime) -> None:
    """Let two people tell of one thing, three times over; once."""
    agent = User.objects.filter(pk__in=staff.eas).order_by("pk").first()
    if agent is None or RequestLink.objects.exists():
        return
    open_ones = (
        ServiceRequest.objects.open()
        .filter(
            state__in=VERBS[Verb.MERGE].states - {State.A_QUALIFIER},
            prestation__public_reports=True,
            prestation__restricted="",
            street__isnull=False,
            answered_at=None,
        )
        .exclude(prestation__location=Location.NONE)
    )
    newest = list(open_ones.order_by("-arrived_at", "-pk"))
    pairs = _pairs(newest)
    for place, (later, earlier) in enumerate(pairs):
        _say_the_same(later, earlier)
        both: dict[str, Any] = {
            "request_id": later.pk,
            "version": None,
            "actor": agent,
            "other": earlier,
        }
        if place == 0:
            actions.merge_request(**both)
        elif place == 2:
            actions.link_requests(**both)
    merged = {later.pk for later, _earlier in pairs[:1]}
    alone = [one for one in reversed(newest) if one.pk not in merged and not needs_documents(one)]
    alone.sort(key=lambda one: one.prestation_id != SEASONAL)
    if again := next(iter(alone), None):
        actions.repeat_request(
            request_id=again.pk,
            version=None,
            actor=agent,
            rhythm=Rhythm.YEAR,
            first_on=now.date().replace(day=15) + relativedelta(months=11),
            now=now,
        )


def _pairs(rows: list[ServiceRequest]) -> list[tuple[ServiceRequest, ServiceRequest]]:
    """Three pairs of one prestation each, of two people."""
    found: list[tuple[ServiceRequest, ServiceRequest]] = []
    alone: dict[str, ServiceRequest] = {}
    for row in rows:
        later = alone.pop(row.prestation_id, None)
        if later is None:
            alone[row.prestation_id] = row
        elif later.citizen_id != row.citizen_id:
            found.append((later, row))
    return found[:3]


def _say_the_same(one: ServiceRequest, other: ServiceRequest) -> None:
    """Both are about the place and in the words of `other`; each keeps its requester."""
    for name in PLACED:
        setattr(one, name, getattr(other, name))
    given = ServiceRequest.objects.values_list("answers", flat=True).get(pk=one.pk)
    one.answers = {**other.answers, "demandeur": given.get("demandeur", {})}
    one.save(update_fields=PLACED)
