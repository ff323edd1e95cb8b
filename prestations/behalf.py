"""Filing for somebody else: where the catalogue lets it, and who the form itself names."""

from collections.abc import Mapping
from typing import Any

from prestations.forms.address import address_text
from prestations.forms.conditions import holds
from prestations.forms.definition import Condition
from prestations.models import Prestation

PERSON = ("family_name", "given_name", "email", "phone", "address")
# What the record of whoever files for themselves says of the person the form asks about.
OWN_PERSON = ("family_name", "given_name", "birth_date", "birth_place", "phone", "address")


def asks_for_whom(prestation: Prestation) -> bool:
    """Whether « pour un proche » is offered before the form."""
    return bool(prestation.on_behalf.get("ask"))


def is_always_for_another(prestation: Prestation) -> bool:
    """Whether the form is about somebody else whoever fills it in (a neighbour's registration)."""
    rule = prestation.on_behalf
    return "person" in rule and "ask" not in rule and "when" not in rule


def elsewhere(prestation: Prestation) -> str:
    """The prestation by which somebody else asks, when it has a form of its own; or ""."""
    return prestation.on_behalf.get("instead", "")


def named_in_form(prestation: Prestation, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the person whom the form itself names as concerned; {} when it names nobody.

    Args:
        answers: ``{"demandeur": {…}, "reponses": {…}}``.

    Returns:
        Some of `PERSON`, in words.
    """
    rule = prestation.on_behalf
    if rule.get("ask") or "person" not in rule:
        return {}
    given = answers.get("reponses", {})
    when = rule.get("when")
    if when and not holds(Condition(when["field"], when["operator"], when["value"]), given):
        return {}
    values = {part: address_text(given.get(name)) for part, name in rule["person"].items()}
    return {part: value for part, value in values.items() if value}


def fills_in(prestation: Prestation, person: Mapping[str, str]) -> dict[str, str]:
    """Return the form's own answers that the person named before it gives: not asked twice."""
    fields = prestation.on_behalf.get("person", {})
    return {fields[part]: person[part] for part in ("family_name", "given_name") if part in fields}


def fills_in_own(
    prestation: Prestation, own: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the form's own answers that the record gives when its owner is the person concerned.

    Args:
        own: some of `OWN_PERSON`.
        answers: the form's own, as far as given: what they hold stays.
    """
    return {
        name: own[part]
        for part, name in own_fields(prestation, answers).items()
        if own.get(part) and not answers.get(name)
    }


def own_fields(prestation: Prestation, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's fields about whoever fills it in, by part of `OWN_PERSON`.

    Args:
        answers: the form's own, as far as given; {} comes back when they name somebody else.
    """
    rule = prestation.on_behalf.get("own", {})
    when = rule.get("when")
    if when and not holds(Condition(when["field"], when["operator"], when["value"]), answers):
        return {}
    return rule.get("person", {})
