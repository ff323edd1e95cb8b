"""Files that change settings: kept, tried, put in force, swept."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.accesses import record_access
from backoffice.enums import ImportKind
from backoffice.imported.reading import MOST_BYTES, Row, read_table
from backoffice.imported.streets import told
from backoffice.imported.tables import TABLES, WrongRow
from backoffice.models import SettingsImport
from massy_grc.common.spreadsheets import cell
from prestations.configuration import digest_of, recorded
from prestations.configuration.exchange import put_in_force, read_configuration, steps
from prestations.configuration.streets import REGISTER
from prestations.exceptions import CatalogueError, ChangeRefused, PreviewMoved
from prestations.loading import DataFileError, load_addresses
from prestations.loading.addresses import SAMPLE
from prestations.models import Street
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, RequestError
from requests.permissions import Right, scope_of

KEPT = timedelta(days=1)
REFUSED = "refus"


@dataclass
class Looked:
    """What a file would do.

    Attributes:
        steps: of a configuration, what differs.
        good: rows that can be put in force.
        rows: all rows of a table, with their faults.
        faults: why the whole is refused.
    """

    steps: list = field(default_factory=list)
    good: int = 0
    rows: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> list:
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
                    [one.kind.code, one.key, one.before, one.after, one.waits] for one in self.steps
                ],
                "good": self.good,
                "bad": [[row.number, *map(str, row.faults)] for row in self.bad],
            }
        )


@transaction.atomic
def keep_import(
    *, actor, kind: str, file_name: str, content: bytes, now: datetime | None = None
) -> SettingsImport:
    """Keep a file until it is put in force, for a day at most.

    Raises:
        NotAllowed: no administrator acts.
        MissingInput: it is too large.
    """
    _check(actor)
    if len(content) > MOST_BYTES:
        raise MissingInput(_("Le fichier dépasse 10 Mo."))
    return SettingsImport.objects.create(
        actor=actor,
        kind=ImportKind(kind),
        file_name=Path(file_name).name[:100],
        content=content,
        at=now or timezone.now(),
    )


def look(known: SettingsImport, *, actor) -> Looked:
    """Return what a file would do, by doing it and taking it back."""
    with _taken_back():
        return _put(known, actor)


def put_import(*, actor, import_id: int, seen: str, now: datetime | None = None) -> Looked:
    """Put a file in force: a configuration or a register whole, of a table the good rows.

    Args:
        seen: what its sender read that it would do (`Looked.seen`).

    Raises:
        NotAllowed: no administrator acts.
        IllegalTransition: it was put in force already, or its day is over.
        ChangeRefused: the whole is refused.
        PreviewMoved: it would do something else than was read.
    """
    _check(actor)
    with transaction.atomic():
        known = SettingsImport.objects.select_for_update().get(pk=import_id, actor=actor)
        if known.done_at is not None:
            raise IllegalTransition(_("Ce fichier a déjà été importé."))
        looked = _put(known, actor)
        if looked.faults:
            raise ChangeRefused(looked.faults)
        if looked.seen != seen:
            raise PreviewMoved
        known.done_at = now or timezone.now()
        known.content = error_file(looked).encode() if looked.bad else b""
        known.done = len(looked.steps) or looked.good
        known.save(update_fields=["done_at", "content", "done"])
        record_access(
            user=actor, action=f"import:{known.kind}", object_type="import", object_id=known.pk
        )
    return looked


def sweep_imports(now: datetime) -> int:
    """Delete the files that nobody put in force within their day, and rows refused a day ago."""
    refused = SettingsImport.objects.filter(done_at__lt=now - KEPT).exclude(content=b"")
    refused.update(content=b"")
    return SettingsImport.objects.filter(done_at=None, at__lt=now - KEPT).delete()[0]


def refused_rows(known: SettingsImport, *, actor) -> str:
    """Return the refused rows of a file as a CSV; "" when it has none, or their day is over."""
    if known.done_at is not None:
        return bytes(known.content).decode()
    return error_file(look(known, actor=actor))


def error_file(looked: Looked) -> str:
    """Return the refused rows as a CSV, with a last column that says why; none is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    head = list(dict.fromkeys(name for row in looked.bad for name in row.cells if name != REFUSED))
    writer.writerow([*head, REFUSED])
    for row in looked.bad:
        told = " ".join(row.faults)
        writer.writerow([cell(row.cells.get(name, "")) for name in head] + [cell(told)])
    return text.getvalue()


def _put(known: SettingsImport, actor) -> Looked:
    content = bytes(known.content)
    try:
        match known.kind:
            case ImportKind.CONFIGURATION:
                return _configuration(known, content, actor)
            case ImportKind.STREETS:
                return _streets(known, content, actor)
        return _table(known, content, actor)
    except (CatalogueError, RequestError) as refusal:
        return Looked(faults=getattr(refusal, "faults", None) or [str(refusal)])


def _configuration(known: SettingsImport, content: bytes, actor) -> Looked:
    try:
        data = read_configuration(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        told = _("Ce n’est pas un fichier de configuration exporté d’ici.")
        raise ChangeRefused([told]) from error
    wanted = steps(data)
    reason = _("Import de %(file)s") % {"file": known.file_name}
    try:
        return Looked(steps=put_in_force(data, actor=actor, reason=reason))
    except ChangeRefused as refusal:
        return Looked(steps=wanted, faults=refusal.faults)


def _streets(known: SettingsImport, content: bytes, actor) -> Looked:
    own = Street.objects.filter(is_active=True).exclude(source=SAMPLE.name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (known.file_name or "adresses.csv")
        file.write_bytes(content)
        reason = _("Import de %(file)s") % {"file": known.file_name}
        try:
            with recorded("streets", REGISTER, actor=actor, reason=reason):
                summary = load_addresses(file, replace=not own.exists())
        except DataFileError as error:
            return Looked(faults=[told(problem) for problem in error.problems[:50]])
    return Looked(good=summary.created + summary.changed + summary.retired)


def _table(known: SettingsImport, content: bytes, actor) -> Looked:
    table = TABLES[ImportKind(known.kind)]
    looked = Looked(rows=read_table(content, table.columns))
    for row in looked.rows:
        if row.faults:
            continue
        try:
            with transaction.atomic():
                table.put(row, actor)
        except (WrongRow, CatalogueError, RequestError) as refusal:
            row.faults.append(str(refusal))
        else:
            looked.good += 1
    return looked


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _check(actor) -> None:
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
