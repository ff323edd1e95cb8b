"""The demo's routing rules, one of them in force, and what its agents are trained for."""

from datetime import datetime
from random import Random
from typing import Any

from massy_grc.users.models import User
from prestations.enums import Channel, Handling, RequesterKind, Role
from prestations.models import Department, Prestation, RightHolder, Team, Training
from requests import actions
from requests.demo.people import Staff
from requests.models import RoutingRule

POLYVALENCE = 0.8  # reference.yaml training.targets
AT_WORK = 0.75  # of the staff, on the day of the demo
# A quarter south of the avenue du Général-de-Gaulle, as a map program writes it.
SOUTH = [[[2.262, 48.714], [2.298, 48.714], [2.298, 48.727], [2.262, 48.727]]]


def make_routing(random: Random, staff: Staff, now: datetime) -> None:
    """Train the staff, say who is at work, and write the rules; existing ones are left alone."""
    administrator = User.objects.filter(pk=staff.demo.get(Role.ADMINISTRATEUR, 0)).first()
    if administrator is None or RoutingRule.objects.exists():
        return
    _train(random, staff)
    people = [
        *staff.eas,
        *staff.proximite,
        *(one for many in staff.experts.values() for one in many),
    ]
    present = {one for one in sorted(set(people)) if random.random() < AT_WORK}
    present |= set(staff.demo.values())
    User.objects.filter(pk__in=present).update(seen_at=now)
    first, *others = (
        actions.write_rule(actor=administrator, now=now, **one) for one in _rules(staff)
    )
    for rule in (first, others[0]):
        replay = actions.replay_rule(actor=administrator, rule_id=rule.pk, now=now)
        if rule == first:
            actions.switch_on_rule(actor=administrator, rule_id=rule.pk, digest=replay.digest)


def make_holders(staff: Staff, now: datetime) -> None:
    """Name who reads the restricted prestations: some at the front office, and the departments'."""
    administrator = staff.demo.get(Role.ADMINISTRATEUR)
    if administrator is None or RightHolder.objects.exists():
        return
    named: set[tuple[int, str]] = set()
    for prestation in Prestation.objects.restricted().order_by("order"):
        people = {*staff.front(prestation, prestation.team_id), staff.supervisor}
        for code in _departments(prestation):
            people |= {*staff.experts.get(code, []), staff.heads[code]}
        named |= {(person, prestation.pk) for person in people if person}
    RightHolder.objects.bulk_create(
        RightHolder(user_id=person, prestation_id=code, since=now, granted_by_id=administrator)
        for person, code in sorted(named)
    )


def _departments(prestation: Prestation) -> list[str]:
    codes = {rule["expert_department"] for rule in prestation.routing_rules}
    codes.add(prestation.expert_department_id)
    return sorted(code for code in codes if code)


def _rules(staff: Staff) -> list[dict[str, Any]]:
    departments, teams = Department.objects.in_bulk(), Team.objects.in_bulk()
    return [
        {
            "label": "Graffitis : à un agent formé de la voirie",
            "conditions": {"prestations": ["voirie-graffitis"]},
            "department": departments["voirie-assainissement"],
            "to_colleague": True,
        },
        {
            "label": "Trottoirs et jeux des quartiers sud : police municipale",
            "conditions": {
                "categories": ["proprete-urbaine"],
                "sector": "Quartiers sud",
                "area": SOUTH,
                "keywords": ["jeux", "trottoir"],
            },
            "department": departments["police-municipale"],
        },
        {
            "label": "Courriers des entreprises : service Proximité",
            "conditions": {
                "categories": ["plaintes-reclamations"],
                "requester_kinds": [RequesterKind.ENTREPRISE],
                "channels": [Channel.COURRIER, Channel.EMAIL],
            },
            "team": teams["proximite"],
            "to_colleague": True,
        },
        {
            "label": "Urgences hors ouverture : responsable de la voirie",
            "conditions": {
                "categories": ["voirie-assainissement-graffitis"],
                "urgent": True,
                "opening": "closed",
            },
            "department": departments["voirie-assainissement"],
            "person": User.objects.get(pk=staff.heads["voirie-assainissement"]),
        },
    ]


def _train(random: Random, staff: Staff) -> None:
    """Experts know their department's prestations; the front office, four in five of its own."""
    known: set[tuple[int, str]] = set()
    for prestation in Prestation.objects.filter(is_active=True).order_by("order", "pk"):
        for code in _departments(prestation):
            known |= {(person, prestation.pk) for person in staff.experts.get(code, [])}
        if prestation.handling == Handling.SIMPLE:
            known |= {
                (person, prestation.pk)
                for person in sorted({*staff.eas, *staff.proximite})
                if random.random() < POLYVALENCE
            }
    Training.objects.bulk_create(
        (Training(user_id=person, prestation_id=code) for person, code in sorted(known)),
        ignore_conflicts=True,
    )
