"""The whole configuration as one YAML file, and such a file put in force here.

No person and no secret is in it: kinds without a schema stay out, and each kind says what of a
state may travel (`Kind.portable`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from prestations.configuration.catalogue_checks import (
    CHECKED_TOGETHER,
    catalogue_problems,
    told_problems,
)
from prestations.configuration.kinds import Kind, State, all_kinds
from prestations.configuration.recording import recorded_all
from prestations.exceptions import ChangeRefused
from prestations.loading.files import check_schema, parse_yaml
from prestations.loading.problems import DataFileError
from prestations.loading.search_index import index_search
from prestations.loading.words import told

FORMAT = "massy-grc-configuration"
VERSION = 1
MOST_FAULTS = 50
HEAD = {"format": FORMAT, "version": VERSION}
Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(Dumper):
    """Writes each value where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass(frozen=True)
class Step:
    """What a file changes in one object: its state here, and the file's; None: not in use.

    `waits`: all or part of it is only put forward, until a second person agrees; `named_by`: what
    does without it until then.
    """

    kind: Kind
    key: str
    before: State | None
    after: State | None
    waits: bool = False
    named_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.kind.name(self.after or self.before or {})


def exported() -> str:
    """Return the whole configuration as a YAML text; the same state gives the same text."""
    data: dict[str, Any] = dict(HEAD)
    for kind in _travelling():
        found = [*kind.states().values(), *kind.awaited()]
        travelling = (_portable(kind, state) for state in found)
        data[kind.code] = [state for state in travelling if state is not None]
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)


def read_configuration(text: str) -> dict[str, list[State]]:
    """Return the states of a file by kind, each of its kind's shape.

    Raises:
        ChangeRefused: it is no such file; every mistake with its place.
    """
    if any(isinstance(one, yaml.AliasEvent) for one in _events(text)):
        raise ChangeRefused([_("Le fichier contient des renvois YAML : il n’est pas lu.")])
    try:
        data = parse_yaml(text, Path("configuration.yaml"))
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
            shape = {"type": "array", "items": kind.schema}
            wrong = check_schema(found[kind.code], shape)
            faults += [told(replace(one, path=f"{kind.code}{one.path}")) for one in wrong]
    if faults:
        raise ChangeRefused(faults[:MOST_FAULTS])
    return found


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return  # told with its place where the text is read


def steps(data: dict[str, list[State]]) -> list[Step]:
    """Return what a file would change here, in the order in which it is put in force."""
    found = []
    for kind in _travelling():
        if kind.code not in data:
            continue
        here = {key: _portable(kind, state) for key, state in kind.states().items()}
        named = set()
        for item in data[kind.code]:
            after = _portable(kind, kind.filled(item))
            if after is None:
                continue
            key = kind.key_of(after)
            named.add(key)
            before = here.get(key)
            if before != after:
                found.append(Step(kind, key, before, after))
        if not kind.stays:
            gone = [(key, state) for key, state in here.items() if state and key not in named]
            found += [Step(kind, key, state, None) for key, state in gone]
    return found


def put_in_force(data: dict[str, list[State]], *, actor, reason: str) -> list[Step]:
    """Make the configuration that of a file, in one transaction, and keep every change.

    What the pages let nobody change alone is put forward to the second person they ask for.

    Raises:
        ChangeRefused: with what does not go together; then nothing is changed.
    """
    with recorded_all(actor=actor, reason=reason):
        wanted = steps(data)
        known = catalogue_problems()
        try:
            wanted = [
                replace(step, waits=step.kind.put(step.key, step.after, actor=actor))
                for step in wanted
            ]
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError as error:
            raise ChangeRefused([_("Le fichier nomme un code qui n’existe nulle part.")]) from error
        faults = told_problems(sorted(catalogue_problems() - known))
        for step in wanted:
            if step.kind.code not in CHECKED_TOGETHER:
                faults += [
                    f"{step.name}\u00a0: {one}" for one in step.kind.faults(step.key, step.after)
                ]
        if faults:
            raise ChangeRefused(faults[:MOST_FAULTS])
        index_search()
        return [
            replace(step, named_by=tuple(step.kind.named_by(step.key))) if step.waits else step
            for step in wanted
        ]


def _travelling() -> list[Kind]:
    return [kind for kind in all_kinds() if kind.schema is not None]


def _portable(kind: Kind, state: State | None) -> State | None:
    return kind.portable(state) if state is not None else None
