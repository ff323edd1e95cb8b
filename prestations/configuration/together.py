"""Many objects of the configuration made what a file says, or what they were, all or none."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, connection
from django.utils.translation import gettext as _

from prestations.configuration.catalogue_checks import (
    CHECKED_TOGETHER,
    catalogue_problems,
    told_problems,
)
from prestations.configuration.kinds import Kind, State
from prestations.configuration.recording import RecordingAll, States, states
from prestations.exceptions import ChangeRefused
from prestations.loading.catalogue import form_definition, known_codes, write_form
from prestations.loading.links import link_articles
from prestations.loading.rows import Summary
from prestations.loading.search_index import index_search
from prestations.loading.unsorted import BLOCK, FORM, write_unsorted

MOST_FAULTS = 50
_NAMED = re.compile(r"=\((.+)\) is not present")  # PostgreSQL's detail of a broken reference
Progress = Callable[[int, int], None]


def untold(done: int, total: int) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True)
class Step:
    """What is changed in one object: its state here, and the one wanted; None: not in use.

    `awaited`: where it comes from it waits for its first approval; `waits`: so it does here, all or
    part of it; `named_by`: what does without it until then. `stops`: it is in force today, and is
    not any more until it is replayed (`Kind.acts`).
    """

    kind: Kind
    key: str
    before: State | None
    after: State | None
    awaited: bool = False
    waits: bool = False
    stops: bool = False
    named_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.kind.name(self.after or self.before or {})


def put_steps(
    wanted: Iterable[Step],
    recording: RecordingAll,
    *,
    actor,
    first: bool = False,
    progress: Progress = untold,
) -> list[Step]:
    """Do every step, in a block that keeps what it changes (`recorded_all`).

    What the pages let nobody change alone is put forward to the second person they ask for.

    Args:
        first: no town is loaded yet.

    Raises:
        ChangeRefused: with what does not go together; then nothing is changed.
    """
    steps, known, done, under_way = list(wanted), known_codes(), [], ""
    try:
        for number, step in enumerate(steps):
            progress(number, len(steps))
            under_way = f"{step.kind.label} «\u00a0{step.name}\u00a0»"
            alone = first and not step.awaited
            waits = step.kind.put(step.key, step.after, actor=actor, first=alone)
            done.append(replace(step, waits=waits))
        with connection.cursor() as cursor:
            under_way = ""
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (IntegrityError, DataError) as error:
        raise ChangeRefused([_refused(error, under_way)]) from error
    recording.after = states()
    problems = catalogue_problems(recording.after)
    if problems:
        problems -= catalogue_problems(recording.before, known)
    faults = told_problems(sorted(problems), recording.after)
    for step in done:
        if step.kind.code not in CHECKED_TOGETHER:
            told = step.kind.faults(step.key, step.after)
            faults += [f"{step.name}\u00a0: {one}" for one in told]
    if faults:
        raise ChangeRefused(faults[:MOST_FAULTS])
    _tie(recording.after)
    return [
        replace(step, named_by=tuple(step.kind.named_by(step.key))) if step.waits else step
        for step in done
    ]


def _refused(error: Exception, under_way: str) -> str:
    """Say what the database refuses, as far as it tells: a code that nothing has, or another value.

    Args:
        under_way: the object that was being written, "" once all are.
    """
    if found := _NAMED.search(str(error)):
        told = _("Le fichier nomme un code qui n’existe nulle part : « %(code)s ».")
        return told % {"code": found[1]}
    words = _("Une valeur trop longue, deux fois la même, ou qui ne va pas avec une autre.")
    return f"{under_way}\u00a0: {words}" if under_way else words


def _tie(after: States) -> None:
    """Write what follows from the objects and is none of them, as a load does."""
    link_articles(Summary())
    unsorted = write_unsorted()
    if unsorted is not None and unsorted.current_form_id is None:
        offered = [one["requester_block"] for one in after["prestations"].values()]
        blocks = {one["code"]: one for one in offered if one}
        block = blocks.get(BLOCK) or next(iter(blocks.values()), None)
        if block is not None:
            write_form(unsorted, form_definition(FORM, block), None)
    index_search()
