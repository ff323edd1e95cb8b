"""Prestations that are being made: their states may lack what one in use needs."""

from typing import Any

from prestations.configuration.catalogue_checks import gone
from prestations.configuration.kinds import State
from prestations.enums import PrestationStatus
from prestations.loading.shapes import one_of
from prestations.models import Category, Department, Site, Team

_DRAFT = PrestationStatus.DRAFT.value
_LEAST = ("minItems", "minLength")
NAMED: dict[str, Any] = {
    "category": Category,
    "team": Team,
    "department": Department,
    "site": Site,
}


def draft_faults(state: State) -> list[str]:
    """Return what a draft names that is not there; the rest is checked when it comes in use."""
    named = [("category", state["category"]), ("team", state["team"])]
    named += [("site", one) for one in state["sites"]]
    if state["expert_department"]:
        named.append(("department", state["expert_department"]))
    return [
        gone(kind, code)
        for kind, code in named
        if not NAMED[kind].objects.filter(pk=code, is_active=True).exists()
    ]


def unfinished(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a prestation, by which the texts and lists of a draft may be empty."""
    loose = _loose(schema)
    properties = loose["properties"] | {"status": one_of([_DRAFT])}
    return {
        "type": "object",
        "if": {"properties": {"status": {"const": _DRAFT}}, "required": ["status"]},
        "then": loose | {"properties": properties},
        "else": schema,
    }


def _loose(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _loose(one) for name, one in schema.items() if name not in _LEAST}
    return [_loose(one) for one in schema] if isinstance(schema, list) else schema
