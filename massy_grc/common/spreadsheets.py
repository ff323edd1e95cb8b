"""Files for spreadsheets: what somebody wrote is text there, never a formula (R21).

`CsvSheet` and `XlsxSheet` write row by row and keep none, so that a long list costs no memory.
"""

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

# What spreadsheets take for the beginning of a formula, behind blanks too.
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@|＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[\d\s.,()]+")  # a telephone, an amount
MOST_CHARACTERS = 32_767  # of a cell, in Excel
_EXCEL_MOMENT, _EXCEL_DAY = "dd/mm/yyyy hh:mm", "dd/mm/yyyy"
_CSV_MOMENT, _CSV_DAY = "%d/%m/%Y %H:%M", "%d/%m/%Y"  # a French spreadsheet reads a date
_EXCEL_BEGINS = 1900  # it knows no day before
_A4 = 9
_NARROWEST, _WIDEST = 8, 48  # characters in a column, whatever it holds

Value = str | Decimal | date | datetime | None


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
    """Semicolons, and the mark by which French spreadsheets know UTF-8; moments are of Paris.

    Days and numbers are written as in French, whatever the language of the words.
    """

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
    if isinstance(value, date):
        return value.strftime(_CSV_DAY)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return cell(value or "")


class XlsxSheet:
    """One sheet whose head and first column stay in sight; the head filters the columns,
    and stands on each printed page.

    Texts are strings, also where they look like formulas, and stay so when somebody edits them;
    moments are dates of Paris. Each column is as wide as what it holds, within bounds.
    """

    def __init__(self, file: IO[bytes], head: Sequence[str], *, name: str = "") -> None:
        from xlsxwriter import Workbook  # few need it

        self._book = Workbook(file, {"constant_memory": True})
        self._page = self._book.add_worksheet(name or _("Demandes"))
        self._moment = self._book.add_format({"num_format": _EXCEL_MOMENT})
        self._day = self._book.add_format({"num_format": _EXCEL_DAY})
        self._quoted = self._book.add_format({"quote_prefix": True})
        bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._page.freeze_panes(1, 1)
        self._page.set_landscape()
        self._page.set_paper(_A4)
        self._page.repeat_rows(0)
        for column, label in enumerate(head):
            self._page.write_string(0, column, label, bold)
        self._widths = [_narrowest(label) for label in head]
        self._rows = 0

    def append(self, row: Sequence[Value]) -> None:
        self._rows += 1
        for column, value in enumerate(row):
            if width := self._write(column, value):
                self._widths[column] = max(self._widths[column], min(width, _WIDEST))

    def _write(self, column: int, value: Value) -> int:
        """Fill one cell of the last row; return the characters that it shows."""
        if isinstance(value, datetime):
            local = timezone.localtime(value).replace(tzinfo=None)
            self._page.write_datetime(self._rows, column, local, self._moment)
            return len(_EXCEL_MOMENT)
        if isinstance(value, date) and value.year >= _EXCEL_BEGINS:
            self._page.write_datetime(self._rows, column, value, self._day)
            return len(_EXCEL_DAY)
        if isinstance(value, Decimal):
            self._page.write_number(self._rows, column, value)
            return len(str(value))
        text = value.strftime(_CSV_DAY) if isinstance(value, date) else value
        if not text:
            return 0
        style = self._quoted if is_formula(text) else None
        self._page.write_string(self._rows, column, text[:MOST_CHARACTERS], style)
        return len(text)

    def close(self) -> None:
        """Finish the file, and leave it open for whoever reads it."""
        from xlsxwriter.utility import xl_range

        last = len(self._widths) - 1
        for column, width in enumerate(self._widths):
            self._page.set_column(column, column, width + 2)
        self._page.autofilter(0, 0, self._rows, last)
        # a telephone or a postcode is a text, and Excel has nothing to say about it
        everywhere = xl_range(0, 0, self._rows, last)
        self._page.ignore_errors({"number_stored_as_text": everywhere})
        self._book.close()


def _narrowest(label: str) -> int:
    """The characters that a heading needs, on several lines, beside the arrow of its filter."""
    return max(_NARROWEST, *(len(word) + 2 for word in label.split()), len(label) // 3)
