"""The town's routing rules: written, moved, replayed, switched on, filed away (S72)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.audit.models import AccessRecord
from massy_grc.users.models import User
from prestations.models import Department, Team
from requests.enums import BY_ITSELF, RuleOff
from requests.exceptions import MissingInput, NotAllowed, StaleRequest
from requests.models import RoutingReplay, RoutingRule
from requests.notifications.routing import tell_rule_off
from requests.permissions import Right, scope_of
from requests.routing.conditions import Conditions
from requests.routing.deciding import rules_on
from requests.routing.replay import digest_of, play, rules_beside
from requests.routing.sense import fault_of, works_there
from requests.routing.written import conditions_of, is_misread


@transaction.atomic
def write_rule(
    *,
    actor,
    label: str,
    conditions: Mapping[str, Any],
    department: Department | None = None,
    team: Team | None = None,
    person: User | None = None,
    to_colleague: bool = False,
    rule_id: int | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> RoutingRule:
    """Write a new rule, the last of all, or change one. Either is off until it is replayed.

    A new name alone leaves the rule as it is; one that was filed away is taken up again,
    and one that went off by itself waits for its replay once it makes sense.

    Args:
        conditions: `requests.routing.conditions.Conditions` as a column holds them.
        to_colleague: give each request to a colleague of the department or team.
        version: the one that the form showed.

    Raises:
        MissingInput: no condition, nowhere to send to, or somebody who does not work there.
        StaleRequest: somebody changed the rule meanwhile.
    """
    _check(actor)
    now = now or timezone.now()
    if rule_id is None:
        last = RoutingRule.objects.aggregate(last=Max("order"))["last"] or 0
        rule = RoutingRule(order=last + 1, version=0)
    else:
        rule = _locked(rule_id)
        if version != rule.version:
            raise StaleRequest(_("Cette règle a changé pendant que vous l’écriviez : relisez-la."))
    before = _what_decides(rule)
    rule.label, rule.conditions = label, dict(conditions)
    rule.department, rule.team, rule.person = department, team, person
    rule.to_colleague = to_colleague and person is None
    _check_sense(rule)
    mended = rule.switched_off_why in BY_ITSELF and not fault_of(rule)
    if rule.is_filed or mended or (rule.enabled and _what_decides(rule) != before):
        _put_off(rule, RuleOff.CHANGED, now)
    rule.version += 1
    rule.changed_at, rule.changed_by = now, actor
    rule.save()
    _note(actor, "write", rule)
    return rule


def passed_by(*, rule: RoutingRule, up: bool) -> RoutingRule | None:
    """Return the rule in force that `rule`, in force too, would pass: it would go off by that."""
    rules = list(RoutingRule.objects.order_by("order", "pk"))
    there = _beside(rules, rules.index(rule), up=up)
    known = rules[there] if there is not None else None
    return known if known and rule.enabled and known.enabled else None


@transaction.atomic
def move_rule(*, actor, rule_id: int, up: bool, now: datetime | None = None) -> RoutingRule:
    """Let a rule pass its neighbour, and those filed away between them.

    Passing one that is on may change what both decide: the moved rule, when it is on too, goes
    off until it is replayed.

    Raises:
        StaleRequest: it was filed away meanwhile.
    """
    _check(actor)
    rules = list(RoutingRule.objects.select_for_update().order_by("order", "pk"))
    here = next(place for place, one in enumerate(rules) if one.pk == rule_id)
    _check_in_use(rules[here])
    there = _beside(rules, here, up=up)
    if there is not None:
        _move(rules, here, there, actor=actor, now=now)
    return rules[here] if there is None else rules[there]


@transaction.atomic
def place_rule(*, actor, rule_id: int, rank: int, now: datetime | None = None) -> RoutingRule:
    """Give a rule back an earlier rank, counted from 1; moved so, it goes off as by `move_rule`."""
    _check(actor)
    rules = list(RoutingRule.objects.select_for_update().order_by("order", "pk"))
    here = next(place for place, one in enumerate(rules) if one.pk == rule_id)
    there = place_of(rank, rules)
    if there != here:
        _move(rules, here, there, actor=actor, now=now)
    return rules[there]


def place_of(rank: int, rules: Sequence[RoutingRule]) -> int:
    """Where a rule of such a rank stands among all, filed away or not."""
    return min(max(rank, 1), len(rules)) - 1


def passes_in_force(rules: Sequence[RoutingRule], here: int, there: int) -> bool:
    """Whether a rule that is on would pass another one that is on: it would go off by that."""
    passed = rules[there:here] if there < here else rules[here + 1 : there + 1]
    return rules[here].enabled and any(one.enabled for one in passed)


@transaction.atomic
def replay_rule(*, actor, rule_id: int, now: datetime | None = None) -> RoutingReplay:
    """Play a rule against last month's requests and keep what it would have changed.

    Raises:
        MissingInput: one of its conditions cannot be understood.
    """
    _check(actor)
    now = now or timezone.now()
    rule = _locked(rule_id)
    if is_misread(rule):
        raise MissingInput(f"{RuleOff.UNREADABLE.label}.")
    others = rules_beside(rule)
    played = play(rule, others, now=now)
    replay, _created = RoutingReplay.objects.update_or_create(
        rule=rule,
        defaults={
            "digest": digest_of(rule, others),
            "since": played.since,
            "at": now,
            "actor": actor,
            "examined": played.examined,
            "held": played.held,
            "differences": played.differences,
            "earlier": played.earlier,
        },
    )
    return replay


@transaction.atomic
def switch_on_rule(*, actor, rule_id: int, digest: str) -> RoutingRule:
    """Put a rule in force, as it was replayed.

    Args:
        digest: of the replay whose page the actor read.

    Raises:
        StaleRequest: the rule, or those in force beside it, changed since that replay.
        MissingInput: it makes no sense any more.
    """
    _check(actor)
    rules = {one.pk: one for one in RoutingRule.objects.select_for_update().order_by("pk")}
    rule = rules[rule_id]  # all locked: two rules switched on at once were not replayed together
    if fault := fault_of(rule):
        raise MissingInput(f"{fault.label}.")
    replay = RoutingReplay.objects.filter(rule=rule).first()
    if replay is None or not digest == replay.digest == digest_of(rule, rules_beside(rule)):
        raise StaleRequest(_("Elle ou une autre a changé depuis : rejouez-la avant de l’activer."))
    rule.enabled, rule.switched_off_at, rule.switched_off_why = True, None, ""
    _save_state(rule)
    _note(actor, "on", rule)
    return rule


@transaction.atomic
def file_rule(*, actor, rule_id: int, now: datetime | None = None) -> RoutingRule:
    """Take a rule out of force for good, or give up one that never was.

    Raises:
        StaleRequest: it was filed away meanwhile.
    """
    _check(actor)
    rule = _locked(rule_id)
    _check_in_use(rule)
    _put_off(rule, RuleOff.FILED, now or timezone.now())
    _save_state(rule)
    _note(actor, "off", rule)
    return rule


@transaction.atomic
def take_up_rule(*, actor, rule_id: int, now: datetime | None = None) -> RoutingRule:
    """Put a rule that was filed away among those to replay, at its place."""
    _check(actor)
    rule = _locked(rule_id)
    if rule.is_filed:
        _put_off(rule, RuleOff.TAKEN_UP, now or timezone.now())
        _save_state(rule)
        _note(actor, "take-up", rule)
    return rule


@transaction.atomic
def switch_off_senseless(*, rule_id: int, why: RuleOff, now: datetime) -> bool:
    """Take out of force a rule that makes no sense any more, and tell the administrators, once.

    Returns:
        Whether it was on until now.
    """
    rule = _locked(rule_id)
    if not rule.enabled:
        return False
    _put_off(rule, why, now)
    _save_state(rule)
    tell_rule_off(rule)
    return True


def check_rules(*, now: datetime | None = None) -> int:
    """Switch off every rule in force that makes no sense any more; return how many; a task's."""
    faults = [(rule.pk, fault_of(rule)) for rule in rules_on()]
    return sum(
        switch_off_senseless(rule_id=pk, why=why, now=now or timezone.now())
        for pk, why in faults
        if why
    )


def _check(actor) -> None:
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed(_("Seul un administrateur écrit les règles d’orientation."))


def _check_sense(rule: RoutingRule) -> None:
    if Conditions.read(rule.conditions).is_empty:
        raise MissingInput(_("Donnez au moins une condition."))
    if rule.department is None and rule.team is None and rule.person is None:
        raise MissingInput(_("Dites où vont ces demandes."))
    if rule.person is not None and not works_there(rule):
        raise MissingInput(_("Cette personne ne travaille pas là où vous envoyez ces demandes."))


def _check_in_use(rule: RoutingRule) -> None:
    if rule.is_filed:
        raise StaleRequest(_("Cette règle a été classée entre-temps : rien n’a changé."))


def _beside(rules: Sequence[RoutingRule], here: int, *, up: bool) -> int | None:
    """Where the next rule stands that is not filed away; None beyond the last."""
    places = range(here - 1, -1, -1) if up else range(here + 1, len(rules))
    return next((place for place in places if not rules[place].is_filed), None)


def _move(rules: list[RoutingRule], here: int, there: int, *, actor, now: datetime | None) -> None:
    rule = rules[here]
    if passes_in_force(rules, here, there):
        _put_off(rule, RuleOff.MOVED, now or timezone.now())
    rules.insert(there, rules.pop(here))
    for place, one in enumerate(rules, 1):
        one.order = place
    RoutingRule.objects.bulk_update(
        rules, ["order", "enabled", "switched_off_at", "switched_off_why"]
    )
    _note(actor, "move", rule)


def _what_decides(rule: RoutingRule) -> tuple:
    place = (rule.department_id, rule.team_id, rule.person_id, rule.to_colleague)
    return conditions_of(rule), is_misread(rule), place


def _locked(rule_id: int) -> RoutingRule:
    return RoutingRule.objects.select_for_update(of=("self",)).get(pk=rule_id)


def _put_off(rule: RoutingRule, why: RuleOff, now: datetime) -> None:
    rule.enabled, rule.switched_off_at, rule.switched_off_why = False, now, why


def _save_state(rule: RoutingRule) -> None:
    rule.save(update_fields=["enabled", "switched_off_at", "switched_off_why"])


def _note(actor, act: str, rule: RoutingRule) -> None:
    AccessRecord.objects.create(
        user=actor, action=f"rule:{act}", object_type="routing_rule", object_id=rule.pk
    )
