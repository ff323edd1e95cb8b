"""The routing rules among what is recorded of the configuration."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.users.models import User
from prestations.configuration import Kind, State
from prestations.loading.files import check_schema
from prestations.loading.shapes import BOOLEAN, CODE, mapping, maybe, text
from prestations.models import Department, Team
from requests.actions.routing import (
    file_rule,
    passes_in_force,
    place_of,
    place_rule,
    write_rule,
)
from requests.enums import RuleOff
from requests.models import RoutingRule
from requests.routing.conditions import Conditions
from requests.routing.sectors import crossing_words
from requests.routing.sense import fault_of, rules_in_use
from requests.routing.written import CONDITIONS, tidied, unknown_codes, unreadable

PLACES = ("department", "team")
DECIDES = ("conditions", *PLACES, "person", "to_colleague")


def _snapshot(key: str) -> State | None:
    row = RoutingRule.objects.filter(pk=key).first()
    if row is None or row.is_filed:
        return None
    return {
        "label": row.label,
        "conditions": row.conditions,
        "department": row.department_id,
        "team": row.team_id,
        "person": row.person_id,
        "to_colleague": row.to_colleague,
        "enabled": row.enabled,
        "order": row.order,
    }


def _restore(key: str, state: State | None, *, actor) -> None:
    """Write a rule as it was, at its rank; it is off until it is replayed, if that changes it."""
    if state is None:
        file_rule(actor=actor, rule_id=int(key))
        return
    known = RoutingRule.objects.filter(pk=key).first() if key else None
    if known is not None and not rules_in_use().filter(pk=key).exists():  # in use again
        known.switched_off_why = RuleOff.TAKEN_UP
        known.save(update_fields=["switched_off_why"])
    rule = write_rule(
        actor=actor,
        label=state["label"],
        conditions=state["conditions"],
        department=Department.objects.filter(pk=state["department"]).first(),
        team=Team.objects.filter(pk=state["team"]).first(),
        person=_person(state),
        to_colleague=state["to_colleague"],
        rule_id=known.pk if known else None,
        version=known.version if known else None,
        now=timezone.now(),
    )
    if "order" in state:
        place_rule(actor=actor, rule_id=rule.pk, rank=state["order"])


def _returned(key: str, state: State) -> State:
    """A state as it comes back: on only while it is on today, and decides the same."""
    rules = list(RoutingRule.objects.order_by("order", "pk"))
    here = next((place for place, one in enumerate(rules) if str(one.pk) == key), None)
    today = _snapshot(key)
    if here is None or "order" not in state:
        return state | {"enabled": False}
    there = place_of(state["order"], rules)
    same = today is not None and all(_filled(today)[name] == state[name] for name in DECIDES)
    stays_on = rules[here].enabled and same and not passes_in_force(rules, here, there)
    rank = rules[here].order if there == here else there + 1
    return state | {"order": rank, "enabled": stays_on}


def _person(state: State) -> User | None:
    number = state.get("person")
    return User.objects.filter(pk=number).first() if number else None


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    if check_schema(state["conditions"], CONDITIONS):
        return [_("Ces conditions ne se lisent pas.")]
    if misread := unreadable(state["conditions"]):
        return misread
    conditions = Conditions.read(state["conditions"])
    if unknown := unknown_codes(conditions):
        return unknown
    crossed = crossing_words(conditions.area)
    rule = RoutingRule(
        label=state["label"],
        conditions=state["conditions"],
        department=Department.objects.filter(pk=state["department"]).first(),
        team=Team.objects.filter(pk=state["team"]).first(),
        person=_person(state),
    )
    why = fault_of(rule)
    return [*([str(why.label)] if why else []), *([crossed] if crossed else [])]


def _portable(state: State) -> State | None:
    """A rule without its person, who has no account elsewhere; off until it is replayed there."""
    if not state["department"] and not state["team"]:
        return None
    return {name: one for name, one in state.items() if name not in ("person", "enabled", "order")}


def _filled(state: State) -> State:
    try:
        return state | {"conditions": tidied(state["conditions"])}
    except ValueError:  # kept before outlines were checked: `_faults` says so
        return state


def _key_of(state: State) -> str:
    of_name = RoutingRule.objects.filter(label=state["label"])
    known = rules_in_use().filter(label=state["label"]).first() or of_name.first()
    return str(known.pk) if known else ""


KINDS = [
    Kind(
        code="routing_rules",
        label=gettext_lazy("Règle d’orientation"),
        keys=lambda: [str(pk) for pk in rules_in_use().values_list("pk", flat=True)],
        snapshot=_snapshot,
        name=lambda state: state["label"],
        restore=_restore,
        faults=_faults,
        schema=mapping(
            {
                "label": text(120),
                "conditions": CONDITIONS,
                **dict.fromkeys(PLACES, maybe(CODE)),
                "to_colleague": BOOLEAN,
            }
        ),
        misread=lambda state: unreadable(state["conditions"]),
        filled=_filled,
        portable=_portable,
        key_of=_key_of,
        returned=_returned,
        not_returned=gettext_lazy(
            "Rien ne changerait : une règle entre en vigueur après son rejeu, depuis sa page, et"
            " n’en sort pas par l’historique."
        ),
        acts=lambda state: bool(state.get("enabled")),
        keeps_off=True,
    )
]
