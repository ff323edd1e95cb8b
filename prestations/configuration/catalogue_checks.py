"""Whether a prestation, a category or a group goes with the rest, by the checks of the loader."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from prestations.audiences import KINDS as KINDS_OF_AUDIENCE
from prestations.configuration.kinds import State, kind_of
from prestations.enums import PrestationStatus
from prestations.loading.catalogue import known_codes
from prestations.loading.checks_catalogue import Known, check_catalogue
from prestations.loading.problems import Problem, Problems
from prestations.loading.words import told

CHECKED_TOGETHER = ("categories", "portal_groups", "prestations")
_UNKNOWN = re.compile(r"unknown ([a-z ]+) '(.+)'")
_GONE = {
    "team": gettext_lazy("L’équipe « %(code)s » n’existe plus."),
    "department": gettext_lazy("Le service « %(code)s » est fermé."),
    "site": gettext_lazy("Le site « %(code)s » n’est plus ouvert."),
    "category": gettext_lazy("La catégorie « %(code)s » n’existe plus."),
    "template": gettext_lazy("Le modèle de lettre « %(code)s » n’existe plus."),
    "prestation": gettext_lazy("La prestation « %(code)s » n’est plus proposée."),
}


def catalogue_data(prestations: dict[str, State], others: dict[str, dict[str, State]]) -> dict:
    """Return a catalogue as its file writes it, from states by key.

    Args:
        others: those of `categories` and `portal_groups`, by kind.
    """
    blocks: dict[str, dict] = {}
    items = []
    for state in prestations.values():
        block = state["requester_block"]
        if block is not None and blocks.setdefault(block["code"], block) != block:
            block = block | {"code": f"{block['code']}_{len(blocks)}"}
            blocks[block["code"]] = block
        items.append(state | {"requester_block": block and block["code"], "origin": "derived"})
    return {
        "requester_blocks": list(blocks.values()),
        **{kind: list(states.values()) for kind, states in others.items()},
        "prestations": items,
        "restricted": [],
        "approval": _listed(prestations, "approval", lambda said: {"reason": said}),
        "checks": _listed(prestations, "checks", lambda said: {"checks": said}),
        "public_reports": _listed(
            prestations, "public_reports", lambda said: {"nearby_metres": said}
        ),
        "counts": {},
        "rules": {
            "audience_requester_kinds": {
                str(audience): [str(kind) for kind in kinds]
                for audience, kinds in KINDS_OF_AUDIENCE.items()
            }
        },
    }


def _listed(prestations: dict[str, State], name: str, entry) -> list[dict[str, Any]]:
    said = {code: state[name] for code, state in prestations.items() if state[name]}
    return [{"prestation": code, **entry(one)} for code, one in said.items()]


def catalogue_problems(
    states: Mapping[str, dict[str, State]], known: Known | None = None
) -> set[Problem]:
    """Return what is wrong in a catalogue, each mistake with its place.

    Args:
        states: those of `CHECKED_TOGETHER` at least, by kind and key.
        known: the codes it may name; None: those in use today.
    """
    return set(_problems(states, known))


def told_problems(problems: Iterable[Problem]) -> list[str]:
    """Say mistakes as people read them, each once."""
    return list(dict.fromkeys(_told(one) for one in problems))


def catalogue_faults(kind: str, key: str, state: State | None) -> list[str]:
    """Return what would be wrong in the catalogue with this state, and is not yet."""
    states = {one: kind_of(one).states() for one in CHECKED_TOGETHER}
    known = set(_problems(states))
    changed = {**states, kind: dict(states[kind])}
    if state is None:
        changed[kind].pop(key, None)
    else:
        changed[kind][key] = state
    return told_problems(one for one in _problems(changed) if one not in known)


def _problems(states: Mapping[str, dict[str, State]], known: Known | None = None) -> list[Problem]:
    """Return each mistake with its place, which names the prestation rather than its rank."""
    problems = Problems()
    offered, groups = _without_drafts(states["prestations"], states["portal_groups"])
    others = {"categories": states["categories"], "portal_groups": groups}
    codes = list(offered)
    check_catalogue(catalogue_data(offered, others), known or known_codes(), problems)

    def place(path: str) -> str:
        return re.sub(r"^prestations\[(\d+)\]", lambda hit: codes[int(hit[1])], path)

    return [replace(problem, path=place(problem.path)) for problem in problems]


def _without_drafts(prestations: dict[str, State], groups: dict[str, State]) -> tuple:
    """What is being made need not go with the rest yet, nor do its places on the portal."""
    drafts = {code for code, one in prestations.items() if one["status"] == PrestationStatus.DRAFT}
    shown = {
        code: group
        | {"prestations": [one for one in group["prestations"] if one["code"] not in drafts]}
        for code, group in groups.items()
    }
    return {code: one for code, one in prestations.items() if code not in drafts}, shown


def gone(kind: str, code: str) -> str:
    """Say that what a state names is not there any more."""
    return _GONE[kind] % {"code": code}


def _told(problem: Problem) -> str:
    """Say by its name what is gone; the rest with its place."""
    found = _UNKNOWN.fullmatch(problem.message)
    return gone(found[1], found[2]) if found and found[1] in _GONE else told(problem)
