"""What a file changes, done in the caller's transaction: the caller takes it back, or keeps it."""

import tempfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backoffice.enums import ImportKind
from backoffice.imported.deciding import to_decide
from backoffice.imported.losing import large_losses
from backoffice.imported.reading import Row, read_table
from backoffice.imported.streets import RowChange, changes_between, register_rows, told
from backoffice.imported.tables import TABLES, Table, WrongRow
from backoffice.models import SettingsImport
from prestations.configuration import digest_of, kind_of, recorded
from prestations.configuration.exchange import put_in_force, read_configuration, steps
from prestations.configuration.streets import REGISTER
from prestations.configuration.together import Progress, Step
from prestations.configuration.wording import part_words
from prestations.exceptions import CatalogueError, ChangeRefused
from prestations.loading import DataFileError, load_addresses
from prestations.loading.addresses import OTHERS, SAMPLE
from prestations.models import Closure, Street
from requests.exceptions import RequestError


@dataclass
class Looked:
    """What a file does.

    Attributes:
        steps: of a configuration, what differs.
        streets: of a register, what differs; `print` names the register it makes.
        rows: all rows of a table, with their faults.
        columns: those of a table that the file holds, in the table's order.
        done: what becomes of a good row.
        good: rows of a table, or lines of a register, that are put in force.
        others: lines of a register that are other communes', left out.
        faults: why the whole is refused.
        losses: of what more than a tenth goes, in words.
        to_decide: closures that delays follow only once somebody has decided.
    """

    steps: list[Step] = field(default_factory=list)
    streets: list[RowChange] = field(default_factory=list)
    print: str = ""
    rows: list[Row] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    done: str | Promise = ""
    good: int = 0
    others: int = 0
    faults: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    to_decide: list[Closure] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many objects or rows it changes, as its counts tell."""
        return len(self.steps) + len(self.streets) + sum(not row.faults for row in self.rows)

    @property
    def waiting(self) -> list[Step]:
        """What is only put forward: a second person lets it through."""
        return [one for one in self.steps if one.waits]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.faults]

    @property
    def seen(self) -> str:
        """Name what a page shows of it: another outcome has another name."""
        return digest_of(
            {
                "steps": [
                    [one.kind.code, one.key, one.before, one.after, one.waits, one.stops]
                    for one in self.steps
                ],
                "good": self.good,
                "print": self.print,
                "bad": [[row.number, *map(str, row.faults)] for row in self.bad],
            }
        )


def change_settings(known: SettingsImport, *, actor, progress: Progress) -> Looked:
    """Do what a file says, and tell it in the language of now; nothing where it is refused."""
    try:
        with transaction.atomic():
            before = to_decide()
            looked = _change(known, actor, progress)
            looked.to_decide = [one for pk, one in to_decide().items() if pk not in before]
            return looked
    except (CatalogueError, RequestError) as refusal:
        return Looked(faults=getattr(refusal, "faults", None) or [str(refusal)])


def _change(known: SettingsImport, actor, progress: Progress) -> Looked:
    content = bytes(known.content)
    match known.kind:
        case ImportKind.CONFIGURATION:
            return _configuration(known, content, actor, progress)
        case ImportKind.STREETS:
            return _streets(known, content, actor)
    return _table(known, content, actor, progress)


def reason_of(file_name: str) -> str:
    """What the history says of a change that a file brought."""
    return _("Import de %(file)s") % {"file": file_name}


def _configuration(known: SettingsImport, content: bytes, actor, progress: Progress) -> Looked:
    try:
        data = read_configuration(content.decode("utf-8"), part_words)
    except UnicodeDecodeError as error:
        told = _("Ce n’est pas un fichier de configuration exporté d’ici.")
        raise ChangeRefused([told]) from error
    reason = reason_of(known.file_name)
    try:
        done = put_in_force(data, actor=actor, reason=reason, progress=progress)
        return Looked(steps=done, losses=large_losses(done))
    except ChangeRefused as refusal:
        return Looked(steps=steps(data), faults=refusal.faults)


def _streets(known: SettingsImport, content: bytes, actor) -> Looked:
    own = Street.objects.filter(is_active=True).exclude(source=SAMPLE.name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (known.file_name or "adresses.csv")
        file.write_bytes(content)
        before = register_rows()
        try:
            with recorded("streets", REGISTER, actor=actor, reason=reason_of(known.file_name)):
                summary = load_addresses(file, replace=not own.exists())
        except DataFileError as error:
            return Looked(faults=[told(problem) for problem in error.problems[:50]])
    changes = changes_between(before, register_rows())
    return Looked(
        streets=changes,
        losses=large_losses((), changes, before),
        print=digest_of(kind_of("streets").snapshot(REGISTER)),
        good=summary.created + summary.changed + summary.retired,
        others=summary.totals.get(OTHERS, 0),
    )


def _table(known: SettingsImport, content: bytes, actor, progress: Progress) -> Looked:
    table = TABLES[ImportKind(known.kind)]
    rows = read_table(content, table.columns)
    there = [one for one in (*table.columns, *table.optional) if rows and one in rows[0].cells]
    looked = Looked(rows=rows, columns=there, done=table.done)
    first: dict[Hashable, int] = {}
    for done, row in enumerate(rows):
        progress(done, len(rows))
        if _is_example(row, table):
            row.faults.append(
                _("Cette ligne est l’exemple du modèle : remplacez-la par les vôtres.")
            )
            continue
        if _is_again(row, table.same, first, table.same_words):
            continue
        try:
            with transaction.atomic():
                table.put(row, actor, reason_of(known.file_name))
                if row.faults:  # its cells were looked at all the same, to tell all at once
                    raise WrongRow
        except (WrongRow, CatalogueError, RequestError) as refusal:
            if why := str(refusal):
                row.faults.append(why)
        else:
            looked.good += 1
    return looked


def _is_example(row: Row, table: Table) -> bool:
    names = (*table.columns, *table.optional)
    return tuple(row.cells.get(name, "") for name in names) == table.example


def _is_again(
    row: Row, same: Callable[[Row], Hashable], first: dict[Hashable, int], words: object
) -> bool:
    """Whether an earlier line says the same; then it is told which."""
    name = same(row)
    if name is None or first.setdefault(name, row.number) == row.number:
        return False
    row.faults.append(str(words) % {"number": first[name]})
    return True
