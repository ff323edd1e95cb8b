"""Charts of two lines: named at their ends, from zero, told in words."""

import re

import pytest

from massy_grc.common.chart_lines import NAMES_APART, lines_chart

WEEKS = ["2 nov.", "9 nov.", "16 nov."]


def test_each_line_is_named_at_its_end():
    svg = lines_chart("Par semaine", WEEKS, [("Déposées", [3, 9, 4]), ("Closes", [2, 2, 5])])
    assert re.findall(r'class="chart-name"[^>]*>([^<]+)<', svg) == ["Déposées", "Closes"]


def test_names_of_lines_that_end_together_do_not_touch():
    svg = lines_chart("Par semaine", WEEKS, [("Déposées", [3, 9, 0]), ("Closes", [2, 2, 0])])
    one, other = (float(y) for y in re.findall(r'class="chart-name"[^>]* y="([\d.]+)"', svg))
    assert abs(one - other) >= NAMES_APART


def test_the_description_tells_every_value():
    svg = lines_chart("Par semaine", WEEKS, [("Déposées", [3, 9, 4]), ("Closes", [2, 2, 5])])
    assert "Closes, 16 nov. : 5" in svg


def test_without_points_the_chart_says_so():
    svg = lines_chart("Par semaine", [], [("Déposées", [])])
    assert "Aucune donnée pour cette période." in svg


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("", [("Déposées", [1, 2, 3])]),
        ("Par semaine", [("Déposées", [1, 2])]),
        ("Par semaine", [("Déposées", [1, -2, 3])]),
        ("Par semaine", [("a", [1, 2, 3]), ("b", [1, 2, 3]), ("c", [1, 2, 3])]),
    ],
)
def test_what_cannot_be_drawn_is_refused(title, series):
    with pytest.raises(ValueError, match=r"chart|lines"):
        lines_chart(title, WEEKS, series)
