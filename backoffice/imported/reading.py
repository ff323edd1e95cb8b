"""Reading of a table that somebody sent, CSV or XLSX, as rows of text; what is hostile is refused.

A workbook is unpacked only when what it claims to hold is small; a cell that computes is no text.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.spreadsheets import is_formula
from massy_grc.common.text import fold
from requests.exceptions import MissingInput

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 1_000  # of one cell
csv.field_size_limit(MOST_BYTES)  # a huge cell is a fault of its row, not of the whole file
_ZIP = b"PK\x03\x04"


@dataclass
class Row:
    """One row: its number in the file, its cells by column, and why it is refused.

    `replaces`: the name of what a row that is put in force takes the place of.
    `administers`: whom it makes an administrator.
    """

    number: int
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)
    replaces: str = ""
    administers: str = ""


def read_table(content: bytes, columns: Iterable[str]) -> list[Row]:
    """Return the rows of a table that has these columns, in any order.

    Raises:
        MissingInput: it cannot be read, is too large, or lacks a column.
    """
    if len(content) > MOST_BYTES:
        raise MissingInput(_("Le fichier dépasse 10 Mo."))
    lines = _sheet(content) if content.startswith(_ZIP) else _csv(content)
    head = [_name(one) for one in next(lines, [])]
    missing = [one for one in columns if one not in head]
    if missing:
        raise MissingInput(
            _("Il manque à l’en-tête : %(columns)s.") % {"columns": ", ".join(missing)}
        )
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=2):
        if number > 4 * MOST_ROWS:
            raise MissingInput(_("Le fichier dépasse %(rows)d lignes.") % {"rows": MOST_ROWS})
        if not any(cells):
            continue
        if len(rows) >= MOST_ROWS:
            raise MissingInput(_("Le fichier dépasse %(rows)d lignes.") % {"rows": MOST_ROWS})
        row = Row(number, dict(zip(head, [*cells, *[""] * len(head)], strict=False)))
        for name, text in row.cells.items():
            if is_formula(text):
                row.faults.append(_("« %(column)s » contient une formule.") % {"column": name})
            elif len(text) > MOST_CHARACTERS:
                row.faults.append(_("« %(column)s » est trop long.") % {"column": name})
        rows.append(row)
    return rows


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise MissingInput(_("Ce fichier n’est ni un CSV ni un classeur XLSX."))
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in lines:
            yield [one.strip() for one in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        told = _("Ce fichier CSV ne se lit pas après sa ligne %(line)d.")
        raise MissingInput(told % {"line": lines.line_num}) from error


def _sheet(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet; formulas are read as they are written, never computed."""
    from openpyxl import load_workbook  # only imports need it

    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for cells in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(one) for one in cells]
    except MissingInput:
        raise
    except Exception as error:  # the library raises what its parsers do
        raise MissingInput(_("Ce classeur ne se lit pas.")) from error


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise MissingInput(_("Ce classeur est trop grand une fois déplié."))
            for one in packed.infolist():
                with packed.open(one) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        raise MissingInput(_("Ce classeur ne se lit pas."))
    except zipfile.BadZipFile as error:
        raise MissingInput(_("Ce classeur ne se lit pas.")) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
