"""The one decision: where a request goes, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from massy_grc.users.models import User
from prestations.models import Department, Team
from requests.enums import RuleOff
from requests.models import RoutingRule, ServiceRequest
from requests.permissions import named_for, scope_of
from requests.routing.catalogue import catalogue_destination
from requests.routing.conditions import Conditions, Facts, TownHall
from requests.routing.people import Choice, colleagues, least_busy, present, trained_for
from requests.routing.sense import fault_of_destination, works_at
from requests.routing.written import is_misread
from requests.standing_in import stand_in_of

# what conditions that nobody understands may do where they are looked at
BROKEN = (TypeError, ValueError, LookupError, AttributeError)


@dataclass(frozen=True)
class Destination:
    """Where a request goes and why.

    Attributes:
        department: None: the front office keeps it.
        team: the front-office team that takes it over; None: the prestation's.
        person: whom a rule names.
        to_colleague: somebody of the department or team is to be chosen.
        rule: the town's rule that decided; None: the catalogue.
        met, words: what that rule asked of the request (`Conditions.asked`), and its words that
            the request says.
        catalogue_rule: index of the prestation's own rule that decided.
        closed_department: where the catalogue would have sent it: a dead end.
        choice: the colleague who was chosen, and how.
        absent: whom the rule names, and who is away: `person` stands in.
        senseless: rules that held and could not be followed, with the reason.
    """

    department: Department | None = None
    team: Team | None = None
    person: User | None = None
    to_colleague: bool = False
    rule: RoutingRule | None = None
    met: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    catalogue_rule: int | None = None
    closed_department: str | None = None
    choice: Choice | None = None
    absent: User | None = None
    senseless: tuple[tuple[int, RuleOff], ...] = ()

    @property
    def assignee(self) -> User | None:
        return self.choice.person if self.choice else self.person

    def instead(self, person: User | None) -> "Destination":
        """The same dead end, in somebody's hands."""
        return replace(self, person=person)

    def as_data(self) -> dict[str, Any]:
        """What the event keeps: codes and ids, from which the timeline makes its words."""
        data: dict[str, Any] = {
            "department": self.department.pk if self.department else None,
            "rule": self.catalogue_rule,
            "closed_department": self.closed_department,
        }
        if self.rule:
            data |= {"routing_rule": self.rule.pk, "met": [*self.met], "words": [*self.words]}
        if self.team:
            data["team"] = self.team.pk
        if self.assignee:
            data["assignee"] = self.assignee.pk
        if self.absent:
            data["absent"] = self.absent.pk
        if self.choice:
            data |= {"load": self.choice.load, "among": self.choice.among}
        elif self.to_colleague:
            data["nobody"] = True
        return data


def rules_on() -> list[RoutingRule]:
    """The rules in force, in their order; where one leads is read when it decides."""
    return list(RoutingRule.objects.filter(enabled=True))


def decide(service_request: ServiceRequest, *, now: datetime) -> Destination:
    """Return where a request goes; the first rule that is on, holds and makes sense decides.

    A person is chosen only for what nobody has in hand: whoever logged it at the counter keeps it
    while the front office does.
    """
    destination = destination_by(rules_on(), Facts(service_request, TownHall()))
    if scope_of(destination.person).is_closed(service_request.prestation_id):
        destination = destination.instead(None)
    if destination.person is not None:
        destination = _not_to_the_absent(destination, destination.person, service_request, now)
    if not destination.to_colleague:
        return destination
    if destination.department is None and service_request.assignee_id is not None:
        return replace(destination, to_colleague=False)
    team = destination.team or service_request.team
    people = trained_for(colleagues(destination.department, team), service_request.prestation_id)
    people = named_for(people, service_request.prestation)
    return replace(destination, choice=least_busy(present(people, now)))


def _not_to_the_absent(
    destination: Destination, person: User, service_request: ServiceRequest, now: datetime
) -> Destination:
    """Whom a rule names is away: their delegate gets it, or nobody by name."""
    stand_in = stand_in_of(person, now)
    if stand_in == person:
        return destination
    department = destination.department.pk if destination.department else None
    team = destination.team.pk if destination.team else None
    if scope_of(stand_in).is_closed(service_request.prestation_id) or not works_at(
        stand_in, department, team
    ):
        stand_in = None
    return replace(destination, person=stand_in, absent=person)


def destination_by(rules: Iterable[RoutingRule], facts: Facts) -> Destination:
    """Return where `rules`, else the catalogue, send a request: no person is chosen yet."""
    senseless: list[tuple[int, RuleOff]] = []
    for rule in rules:
        try:
            conditions = Conditions.read(rule.conditions)
            if not conditions.hold(facts):
                continue
        except BROKEN:
            if not is_misread(rule):
                raise
            senseless.append((rule.pk, RuleOff.UNREADABLE))
            continue
        if fault := RuleOff.UNREADABLE if is_misread(rule) else fault_of_destination(rule):
            senseless.append((rule.pk, fault))
            continue
        return Destination(
            department=rule.department,
            team=_team_of(rule, facts.service_request),
            person=rule.person,
            to_colleague=rule.to_colleague,
            rule=rule,
            met=tuple(conditions.asked),
            words=tuple(conditions.words_found(facts)),
            senseless=tuple(senseless),
        )
    return replace(_by_catalogue(facts), senseless=tuple(senseless))


def _team_of(rule: RoutingRule, asked: ServiceRequest) -> Team | None:
    """The team that takes over: the rule's; else that of whom it names, if it is another one."""
    if rule.team is not None or rule.department is not None or rule.person is None:
        return rule.team
    teams = scope_of(rule.person).teams
    if not teams or asked.team_id in teams:
        return None
    return Team.objects.filter(pk__in=teams).order_by("pk").first()


def _by_catalogue(facts: Facts) -> Destination:
    asked = facts.service_request
    wanted = catalogue_destination(asked.prestation, asked.answers)
    department = facts.town_hall.open_department(wanted.department_code)
    return Destination(
        department=department,
        catalogue_rule=wanted.rule,
        closed_department=None if department else wanted.department_code,
    )
