"""The whole configuration as one YAML file, and such a file put in force here.

No person and no secret is in it: kinds without a schema stay out, and each kind says what of a
state may travel (`Kind.portable`).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from prestations.configuration.kinds import Kind, State, all_kinds
from prestations.configuration.recording import States, recorded_all
from prestations.configuration.together import MOST_FAULTS, Progress, Step, put_steps, untold
from prestations.configuration.wording import place_words
from prestations.exceptions import ChangeRefused
from prestations.loading.files import check_schema, parse_yaml
from prestations.loading.problems import DataFileError
from prestations.loading.shapes import BOOLEAN
from prestations.loading.words import told
from prestations.models import Town

FORMAT = "massy-grc-configuration"
VERSION = 1
AWAITED = "awaited"
_OBJECT = re.compile(r"\[(\d+)\]")
HEAD = {"format": FORMAT, "version": VERSION}
Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(Dumper):
    """Writes each value where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def exported() -> str:
    """Return the whole configuration as a YAML text; the same state gives the same text."""
    data: dict[str, Any] = dict(HEAD)
    for kind in _travelling():
        travelling = (_portable(kind, state) for state in kind.states().values())
        in_use = [state for state in travelling if state is not None]
        data[kind.code] = [*in_use, *(one | {AWAITED: True} for one in _awaited(kind))]
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)


def read_configuration(text: str, part: Callable[[str], str] = str) -> dict[str, list[State]]:
    """Return the states of a file by kind, each of its kind's shape.

    Args:
        part: names a part of a state, as whoever reads the mistakes calls it.

    Raises:
        ChangeRefused: it is no such file; every mistake with its place.
    """
    try:
        data = parse_yaml(text, Path("configuration.yaml"), aliases=False)
    except DataFileError as error:
        raise ChangeRefused([told(problem) for problem in error.problems]) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ChangeRefused([_("Ce n’est pas un fichier de configuration exporté d’ici.")])
    if data.get("version") != VERSION:
        raise ChangeRefused([_("Ce fichier vient d’une autre version : il n’est pas lu.")])
    found = {kind.code: data[kind.code] for kind in _travelling() if kind.code in data}
    unknown = data.keys() - found.keys() - HEAD.keys()
    faults = [_("« %(code)s » n’est pas un bloc connu.") % {"code": one} for one in unknown]
    for kind in _travelling():
        if kind.code in found:
            wrong = check_schema(found[kind.code], _shape(kind))
            items = found[kind.code]
            faults += [
                told(replace(one, path=_place(kind, items, one.path, part))) for one in wrong
            ]
            if not wrong:
                faults += _named_twice(kind, items)
                faults += [
                    f"{_place(kind, items, f'[{index}]', part)}\u00a0: {one}"
                    for index, item in enumerate(items)
                    for one in kind.misread(item)
                ]
    if faults:
        raise ChangeRefused(faults[:MOST_FAULTS])
    return found


def _place(kind: Kind, items: Any, path: str, part: Callable[[str], str]) -> str:
    """Say where in a block a mistake is: the object by its name, then each part by its own."""
    place = _OBJECT.match(path)
    if place is None:
        return str(kind.label)
    number = int(place[1])
    item = items[number] if isinstance(items, list) else None
    known = item if isinstance(item, dict) else {}
    names = (known.get(one) for one in ("label", "name", "title", "code"))
    name = next((one for one in names if isinstance(one, str) and one), str(number + 1))
    inner = place_words(item, path[place.end() :], part)
    return " › ".join([f"{kind.label} «\u00a0{name}\u00a0»", *inner])


def _shape(kind: Kind) -> dict[str, Any]:
    """Return the schema of a kind's block; what waits for its first approval is marked so."""
    assert kind.schema is not None
    item = kind.schema
    if "properties" in item:
        item = item | {"properties": item["properties"] | {AWAITED: BOOLEAN}}
    return {"type": "array", "items": item}


def _named_twice(kind: Kind, items: list[State]) -> list[str]:
    """Return which two places of a block describe the same object."""
    first: dict[str, int] = {}
    faults = []
    for index, item in enumerate(items):
        key = kind.key_of(item) or kind.name(item)
        if first.setdefault(key, index) != index:
            places = {"place": f"{kind.code}[{index}]", "first": f"{kind.code}[{first[key]}]"}
            words = _("« %(place)s » et « %(first)s » décrivent le même objet : « %(key)s ».")
            faults.append(words % {**places, "key": key})
    return faults


def steps(data: dict[str, list[State]], here: States | None = None) -> list[Step]:
    """Return what a file would change here, in the order in which it is put in force.

    Args:
        here: the configuration of now, where it has been read already.
    """
    found = []
    for kind in _travelling():
        if kind.code not in data:
            continue
        in_use = here[kind.code] if here is not None else kind.states()
        known = {key: _portable(kind, state) for key, state in in_use.items()}
        waiting = {kind.key_of(one): one for one in _awaited(kind)}
        named = set()
        for item in data[kind.code]:
            awaited = bool(item.get(AWAITED))
            after = _portable(kind, kind.filled(_unmarked(item)))
            if after is None:
                continue
            key = kind.key_of(after)
            named.add(key)
            before = known.get(key)
            if after not in (before, waiting.get(key)):
                stops = key in in_use and kind.acts(in_use[key])
                found.append(Step(kind, key, before, after, awaited=awaited, stops=stops))
        if not kind.stays:
            gone = [(key, state) for key, state in known.items() if state and key not in named]
            found += [
                Step(kind, key, state, None, stops=kind.acts(in_use[key])) for key, state in gone
            ]
    return found


def put_in_force(
    data: dict[str, list[State]], *, actor, reason: str, progress: Progress = untold
) -> list[Step]:
    """Make the configuration that of a file, in one transaction, and keep every change.

    Where no town is loaded yet, it is a first load: letters are in force at once, since none is
    there to leave in their place.

    Raises:
        ChangeRefused: see `put_steps`.
    """
    with recorded_all(actor=actor, reason=reason) as recording:
        first = not Town.objects.exists()
        wanted = steps(data, recording.before)
        return put_steps(wanted, recording, actor=actor, first=first, progress=progress)


def _travelling() -> list[Kind]:
    return [kind for kind in all_kinds() if kind.schema is not None]


def _awaited(kind: Kind) -> list[State]:
    travelling = (_portable(kind, state) for state in kind.awaited())
    return [state for state in travelling if state is not None]


def _unmarked(state: State) -> State:
    return {name: one for name, one in state.items() if name != AWAITED}


def _portable(kind: Kind, state: State | None) -> State | None:
    return kind.portable(state) if state is not None else None
