"""What answers decide in a prestation, as it waits for the form that asks them."""

from collections.abc import Mapping
from typing import Any

from prestations.models import Prestation

RULES = (
    *("urgent_value", "urgent_unit", "urgent_condition", "urgent_if"),
    *("routing_rules", "on_behalf"),
)


def with_rules(prestation: Prestation, rules: Mapping[str, Any]) -> Prestation:
    """Return the prestation as the rules of a draft will have it; nothing is written."""
    for name, value in rules.items():
        setattr(prestation, name, value)
    return prestation
