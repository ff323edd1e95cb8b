"""Files for spreadsheets: what somebody wrote is text there, never a formula (R21).

`CsvSheet` and `XlsxSheet` write row by row and keep none, so that a long list costs no memory.
"""

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

# What spreadsheets take for the beginning of a formula, behind blanks too.
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@|＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[\d\s.,()]+")  # a telephone, an amount
MOST_CHARACTERS = 32_767  # of a cell, in Excel
_EXCEL_MOMENT = "dd/mm/yyyy hh:mm"
_CSV_MOMENT = "%d/%m/%Y %H:%M"  # a French spreadsheet reads a date

Value = str | datetime | None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula; telephones and amounts it may not."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def cell(text: str) -> str:
    """Return a text as a cell: with an apostrophe before it where it would be a formula.

    >>> cell("=1+1"), cell("+33 1 60 13 30 00"), cell("Voirie")
    ("'=1+1", '+33 1 60 13 30 00', 'Voirie')
    """
    return f"'{text}" if is_formula(text) else text


class Sheet(Protocol):
    """A file being written: its head was given when it was opened."""

    def append(self, row: Sequence[Value]) -> None: ...

    def close(self) -> None: ...


class CsvSheet:
    """Semicolons, and the mark by which French spreadsheets know UTF-8; moments are of Paris."""

    def __init__(self, file: IO[bytes], head: Sequence[str]) -> None:
        self._text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text, delimiter=";")
        self.append(head)

    def append(self, row: Sequence[Value]) -> None:
        self._writer.writerow([_in_csv(value) for value in row])

    def close(self) -> None:
        """Finish the file, and leave it open for whoever reads it."""
        self._text.detach()


def _in_csv(value: Value) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(_CSV_MOMENT)
    return cell(value or "")


class XlsxSheet:
    """One sheet whose head stays in sight and filters the columns; moments are dates of Paris.

    Texts are strings, also where they look like formulas, and stay so when somebody edits them.
    """

    def __init__(self, file: IO[bytes], head: Sequence[str], *, name: str = "") -> None:
        from xlsxwriter import Workbook  # few need it

        self._book = Workbook(file, {"constant_memory": True})
        self._page = self._book.add_worksheet(name or _("Demandes"))
        self._moment = self._book.add_format({"num_format": _EXCEL_MOMENT})
        self._quoted = self._book.add_format({"quote_prefix": True})
        bold = self._book.add_format({"bold": True})
        self._page.freeze_panes(1, 0)
        self._page.set_column(0, len(head) - 1, 20)
        for column, label in enumerate(head):
            self._page.write_string(0, column, label, bold)
        self._last_column, self._rows = len(head) - 1, 0

    def append(self, row: Sequence[Value]) -> None:
        self._rows += 1
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                local = timezone.localtime(value).replace(tzinfo=None)
                self._page.write_datetime(self._rows, column, local, self._moment)
            elif value:
                style = self._quoted if is_formula(value) else None
                self._page.write_string(self._rows, column, value[:MOST_CHARACTERS], style)

    def close(self) -> None:
        """Finish the file, and leave it open for whoever reads it."""
        self._page.autofilter(0, 0, self._rows, self._last_column)
        self._book.close()
