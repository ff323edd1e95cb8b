"""Cells of files for spreadsheets: what somebody wrote is text there, never a formula (R21)."""

import re

# What spreadsheets take for the beginning of a formula, behind blanks too.
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@|＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[\d\s.,()]+")  # a telephone, an amount


def cell(text: str) -> str:
    """Return a text as a cell: with an apostrophe before it where it would be a formula.

    >>> cell("=1+1"), cell("+33 1 60 13 30 00"), cell("Voirie")
    ("'=1+1", '+33 1 60 13 30 00', 'Voirie')
    """
    if not _FORMULA.match(text) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
