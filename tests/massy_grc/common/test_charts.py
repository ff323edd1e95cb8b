from decimal import Decimal
from xml.etree import ElementTree

import pytest

from massy_grc.common.charts import bar_chart, format_value, line_chart

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [("Acte de naissance", 200, "/liste/"), ("Dépôt sauvage", 50, None), ("Néant", 0, None)]
POINTS = [("janv.", 10), ("févr.", 40), ("mars", 20)]


def _parsed(chart):
    return ElementTree.fromstring(chart)


def _filled(chart):
    return [rect for rect in _parsed(chart).iter(f"{SVG}rect") if rect.get("class") == "chart-fill"]


def test_bars_start_at_zero_and_keep_proportions():
    widths = [float(bar.get("width").rstrip("%")) for bar in _filled(bar_chart("Demandes", ROWS))]
    assert widths == [80.0, 20.0, 0.0]


def test_each_bar_says_its_label_and_value():
    words = "".join(_parsed(bar_chart("Demandes", ROWS, unit="h")).itertext())
    assert "Dépôt sauvage" in words
    assert "50\u00a0h" in words


def test_a_bar_links_to_its_list():
    links = _parsed(bar_chart("Demandes", ROWS)).findall(f"{SVG}a")
    assert [link.get("href") for link in links] == ["/liste/"]


@pytest.mark.parametrize("chart", [bar_chart("Titre", ROWS), line_chart("Titre", POINTS)])
def test_a_chart_carries_no_style_or_script(chart):
    elements = list(_parsed(chart).iter())
    assert not {"style", "script"} & {element.tag.removeprefix(SVG) for element in elements}
    assert not any(name == "style" or name.startswith("on") for e in elements for name in e.attrib)


@pytest.mark.parametrize("chart", [bar_chart("Titre", ROWS), line_chart("Titre", POINTS)])
def test_a_chart_is_named_and_described(chart):
    svg = _parsed(chart)
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("aria-labelledby") == title.get("id")
    assert svg.get("aria-describedby") == description.get("id")
    assert title.text == "Titre"
    assert " : " in description.text


def test_a_chart_with_links_is_not_an_image():
    assert _parsed(bar_chart("Titre", ROWS)).get("role") == "group"
    assert _parsed(bar_chart("Titre", ROWS[1:])).get("role") == "img"
    assert _parsed(line_chart("Titre", POINTS)).get("role") == "img"


def test_two_charts_on_a_page_have_different_ids():
    first, second = (_parsed(bar_chart("Titre", ROWS)) for _ in range(2))
    assert first.get("aria-labelledby") != second.get("aria-labelledby")


def test_labels_are_escaped():
    chart = bar_chart("<b>", [("<script>alert(1)</script>", 1, 'javascript:"')])
    assert "<script>" not in chart
    assert "<b>" not in chart


def test_a_long_label_takes_two_lines():
    label = (
        "Voirie, assainissement, enlèvement des graffitis et mobilier urbain de la ville entière "
        "et de ses abords de toutes parts"
    )
    texts = [
        text.text
        for text in _parsed(bar_chart("Titre", [(label, 1, None)])).iter(f"{SVG}text")
        if text.get("class") == "chart-label"
    ]
    assert len(texts) == 2
    assert texts[1].endswith("…")


def test_a_line_starts_at_zero():
    chart = _parsed(line_chart("Titre", [("a", 0), ("b", 10)]))
    axis = next(line for line in chart.iter(f"{SVG}line") if line.get("class") == "chart-axis")
    stroke = next(line for line in chart.iter(f"{SVG}line") if line.get("class") == "chart-stroke")
    assert stroke.get("y1") == axis.get("y1")


def test_a_line_labels_its_first_highest_and_last_values():
    texts = [text.text for text in _parsed(line_chart("Titre", POINTS)).iter(f"{SVG}text")]
    assert {"10", "40", "20"} <= set(texts)


@pytest.mark.parametrize("chart", [bar_chart("Titre", []), line_chart("Titre", [])])
def test_no_data_is_said_in_words(chart):
    assert "Aucune donnée" in "".join(_parsed(chart).itertext())


def test_one_point_stands_in_the_middle():
    circle = next(_parsed(line_chart("Titre", [("a", 3)])).iter(f"{SVG}circle"))
    assert circle.get("cx") == "50%"


@pytest.mark.parametrize(
    "draw", [lambda v: bar_chart("T", [("a", v, None)]), lambda v: line_chart("T", [("a", v)])]
)
def test_a_negative_value_is_refused(draw):
    with pytest.raises(ValueError, match="negative"):
        draw(-1)


def test_a_chart_without_title_is_refused():
    with pytest.raises(ValueError, match="title"):
        bar_chart("", ROWS)


@pytest.mark.parametrize(
    ("value", "shown"), [(1284, "1\u202f284"), (4.5, "4,5"), (Decimal("2.00"), "2"), (0, "0")]
)
def test_numbers_read_as_in_french(value, shown):
    assert format_value(value).replace("\u00a0", "\u202f") == shown
