"""What a rule would have changed: last month's requests, decided with it and without it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dateutil.relativedelta import relativedelta

from prestations.models.catalogue import UNSORTED
from requests.models import RoutingRule, ServiceRequest
from requests.routing.conditions import Conditions, Facts, TownHall
from requests.routing.deciding import Destination, destination_by, rules_on
from requests.routing.sense import fault_of

MONTHS = 1
CHUNK = 500


@dataclass
class Played:
    """A rule played against the requests that arrived since a moment.

    Attributes:
        examined: how many requests there were.
        held: how many the rule would have decided.
        differences: ``(request id, where it goes without the rule)``, newest first; by which rule
            is its ``rule``, None for the catalogue.
        earlier: ``(request id, rule id)`` of those it holds for that another rule, which comes
            first, decides; newest first.
    """

    since: datetime
    examined: int = 0
    held: int = 0
    differences: list[tuple[int, dict]] = field(default_factory=list)
    earlier: list[tuple[int, int]] = field(default_factory=list)


def digest_of(rule: RoutingRule, others: Iterable[RoutingRule]) -> str:
    """Return what a replay of `rule` among the rules that are on is known by.

    It changes with any of them, with what is wrong with it now, and with the place of `rule`.
    """
    known = [[one.pk, one.version, str(fault_of(one) or "")] for one in _in_order(rule, others)]
    return hashlib.sha256(json.dumps([rule.pk, known]).encode()).hexdigest()


def rules_beside(rule: RoutingRule) -> list[RoutingRule]:
    """The rules that are on, without `rule`."""
    return [one for one in rules_on() if one.pk != rule.pk]


def play(rule: RoutingRule, others: list[RoutingRule], *, now: datetime) -> Played:
    """Decide the last month's requests with the rule and without it.

    Which colleague would have got one is not played: nobody knows any more who was there.
    """
    played = Played(since=now - relativedelta(months=MONTHS))
    together, town_hall = _in_order(rule, others), TownHall()
    conditions = Conditions.read(rule.conditions)
    lately = (
        ServiceRequest.objects.filter(arrived_at__gte=played.since, arrived_at__lt=now)
        .filter(anonymised_at=None)
        .exclude(prestation=UNSORTED)
        .prefetch_related("prestation", "form_version", "street")
        .order_by("-arrived_at", "-id")
    )
    for service_request in lately.iterator(chunk_size=CHUNK):
        played.examined += 1
        facts = Facts(service_request, town_hall)
        if not conditions.hold(facts):
            continue
        after = destination_by(together, facts)
        if after.rule is None:
            continue  # it leads nowhere
        if after.rule.pk != rule.pk:
            played.earlier.append((service_request.pk, after.rule.pk))
            continue
        played.held += 1
        before = destination_by(others, facts)
        own_team = service_request.prestation.team_id
        place = place_of(before, own_team)
        if place != place_of(after, own_team):
            by = {"rule": before.rule.pk if before.rule else None}
            played.differences.append((service_request.pk, place | by))
    return played


def place_of(destination: Destination, own_team: str) -> dict:
    """Return a destination as codes.

    Args:
        own_team: the prestation's front-office team, which follows it when no rule says another.
    """
    return {
        "department": destination.department.pk if destination.department else None,
        "team": destination.team.pk if destination.team else own_team,
        "person": destination.person.pk if destination.person else None,
        "to_colleague": destination.to_colleague,
    }


def _in_order(rule: RoutingRule, others: Iterable[RoutingRule]) -> list[RoutingRule]:
    return sorted([*others, rule], key=lambda one: (one.order, one.pk))
