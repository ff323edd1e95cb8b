"""Whether a prestation, a category or a group goes with the rest, by the checks of the loader."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prestations.audiences import KINDS as KINDS_OF_AUDIENCE
from prestations.configuration.kinds import State, kind_of
from prestations.configuration.wording import part_words, place_words, title_of, without_code
from prestations.enums import PrestationStatus
from prestations.loading.catalogue import known_codes
from prestations.loading.checks_catalogue import Known, check_catalogue
from prestations.loading.problems import Problem, Problems
from prestations.loading.words import told
from prestations.models import Category, Department, LetterTemplate, Prestation, Site, Team

CHECKED_TOGETHER = ("categories", "portal_groups", "prestations")
MOST_NAMED = 5
# What the catalogue writes in lists of its own is a part of a prestation here.
_OF_PRESTATIONS = ("approval", "checks", "public_reports", "restricted")
_LISTED = re.compile(r"(\w+)\[(\d+)\]")
_OBJECT = re.compile(r"(\w+)\[([^\]]+)\]")
_UNKNOWN = re.compile(r"unknown ([a-z ]+) '(.+)'")
_GONE = {
    "team": gettext_lazy("L’équipe « %(code)s » n’existe plus."),
    "department": gettext_lazy("Le service « %(code)s » est fermé."),
    "site": gettext_lazy("Le site « %(code)s » n’est plus ouvert."),
    "category": gettext_lazy("La catégorie « %(code)s » n’existe plus."),
    "template": gettext_lazy("Le modèle de lettre « %(code)s » n’existe plus."),
    "prestation": gettext_lazy("La prestation « %(code)s » n’est plus proposée."),
}
_MODELS: dict[str, Any] = {
    "team": Team,
    "department": Department,
    "site": Site,
    "category": Category,
    "template": LetterTemplate,
    "prestation": Prestation,
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


def told_problems(
    problems: Iterable[Problem],
    states: Mapping[str, dict[str, State]],
    own: tuple[str, str] | None = None,
) -> list[str]:
    """Say mistakes as people read them, each once.

    Args:
        states: those in which they were found.
        own: the kind and key of what the page is about: it need not be named.
    """
    said: dict[str, list[str]] = {}
    for problem in problems:
        unknown = _UNKNOWN.fullmatch(problem.message)
        if unknown is None or unknown[1] not in _GONE:
            said.setdefault(_told(problem, states, own), [])
            continue
        named_by = said.setdefault(gone(unknown[1], unknown[2]), [])
        place = _place(problem, states)
        if place is not None and place.object != own and place.name not in named_by:
            named_by.append(place.name)
    return [_with_users(words, named_by) for words, named_by in said.items()]


def catalogue_faults(kind: str, key: str, state: State | None) -> list[str]:
    """Return what would be wrong in the catalogue with this state, and is not yet."""
    states = {one: kind_of(one).states() for one in CHECKED_TOGETHER}
    known = set(_problems(states))
    changed = {**states, kind: dict(states[kind])}
    if state is None:
        changed[kind].pop(key, None)
    else:
        changed[kind][key] = state
    found = [one for one in _problems(changed) if one not in known]
    return told_problems(found, changed, (kind, key))


def _problems(states: Mapping[str, dict[str, State]], known: Known | None = None) -> list[Problem]:
    """Return each mistake with its place, which names the object rather than its rank."""
    problems = Problems()
    offered, groups = _without_drafts(states["prestations"], states["portal_groups"])
    others = {"categories": states["categories"], "portal_groups": groups}
    data = catalogue_data(offered, others)
    check_catalogue(data, known or known_codes(), problems)

    def place(hit: re.Match[str]) -> str:
        item = data[hit[1]][int(hit[2])]
        return f"{hit[1]}[{item.get('code') or item['prestation']}]"

    return [
        replace(problem, path=_LISTED.sub(place, problem.path, count=1))
        if _LISTED.match(problem.path)
        else problem
        for problem in problems
    ]


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
    """Say that what a state names is not there any more: by its name, where it had one."""
    label = _MODELS[kind].objects.filter(pk=code).values_list("label", flat=True).first()
    return _GONE[kind] % {"code": f"{label} ({code})" if label else code}


@dataclass(frozen=True)
class _Place:
    """Where in the catalogue a mistake is.

    Attributes:
        object: its kind and key.
        label: what people call the kind.
        name: what they call the object.
        inner: the parts of it that lead there.
    """

    object: tuple[str, str]
    label: str
    name: str
    inner: list[str]


def _place(problem: Problem, states: Mapping[str, dict[str, State]]) -> _Place | None:
    """Read the place of a mistake; None when it is about no object."""
    found = _OBJECT.match(problem.path)
    if found is None:
        return None
    kind, code, path = found[1], found[2], problem.path[found.end() :]
    if kind in _OF_PRESTATIONS:
        kind, path = "prestations", f".{kind}"
    if kind in CHECKED_TOGETHER:
        label, state = str(kind_of(kind).label), states[kind].get(code)
    else:
        label = part_words("requester_block")
        blocks = (one["requester_block"] for one in states["prestations"].values())
        state = next((one for one in blocks if one and one["code"] == code), None)
    inner = place_words(state, without_code(path))
    return _Place((kind, code), label, title_of(state) or code, inner)


def _told(
    problem: Problem, states: Mapping[str, dict[str, State]], own: tuple[str, str] | None
) -> str:
    """Say a mistake with its place, in words."""
    place = _place(problem, states)
    if place is None:
        return told(problem)
    head = [] if place.object == own else [f"{place.label} «\u00a0{place.name}\u00a0»"]
    code = problem.value
    titles = (title_of(states[one].get(code)) for one in CHECKED_TOGETHER)
    name = next(filter(None, titles), "")
    value = f"{name} ({code})" if name else code
    return told(replace(problem, path=" › ".join([*head, *place.inner]), value=value))


def _with_users(words: str, named_by: list[str]) -> str:
    """Say what is gone, and what still names it."""
    if not named_by:
        return words
    names, more = named_by[:MOST_NAMED], len(named_by[MOST_NAMED:])
    if more:
        others = ngettext("et %(count)d autre", "et %(count)d autres", more) % {"count": more}
        names = [*names, others]
    return f"{words} {_('Cela sert encore : %(names)s.') % {'names': ', '.join(names)}}"
