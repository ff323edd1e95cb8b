"""Several lines over the same points, each named at its end: no legend to decode.

Drawn as `massy_grc.common.charts` draws one; the first line is full, the second is dashed and in
the second colour, so that they are told apart without colour too.
"""

from collections.abc import Sequence
from itertools import count, pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from massy_grc.common.charts import Number, format_value, sentence

HEIGHT, TOP, BOTTOM = 240, 30, 34
LEFT, RIGHT = 2, 80  # per cent; the rest is for the lines' names
NAMES_APART = 38  # pixels between the names of two lines: a name and its value
LABELS = 3  # about so many under the lines
MOST = 2  # lines

_ids = count(1)


def lines_chart(
    title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]]
) -> SafeString:
    """One or two lines ``(name, values)`` over `labels`; the axis starts at zero.

    Raises ValueError without a title, for a negative value, for lines of unequal length, for more
    than two lines.
    """
    if not title or len(series) > MOST:
        raise ValueError("a chart needs a title and at most two lines")
    if any(len(values) != len(labels) or min(values, default=0) < 0 for _name, values in series):
        raise ValueError("lines need one value, zero or more, for each label")
    largest = max((float(value) for _name, values in series for value in values), default=0)
    base = HEIGHT - BOTTOM
    lines = [_line(name, values, largest, base) for name, values in series] if labels else []
    _keep_names_apart(lines, base)
    _keep_highest_peak(lines)
    number = next(_ids)
    return render_to_string(
        "components/chart_lines.html",
        {
            "title": title,
            "title_id": f"courbes-{number}",
            "description_id": f"courbes-{number}-texte",
            "description": _described(labels, series),
            "height": HEIGHT,
            "lines": lines,
            "ticks": _ticks(labels),
            "base_y": base,
            "label_y": HEIGHT - 10,
            "left": LEFT,
            "right": RIGHT,
        },
    )


def _line(name: str, values: Sequence[Number], largest: float, base: int) -> dict:
    points: list[dict] = [
        {
            "x": _text(_at(index, len(values))),
            "y": base - (base - TOP) * (float(value) / largest if largest else 0),
        }
        for index, value in enumerate(values)
    ]
    highest = max(range(len(values)), key=lambda index: float(values[index]))
    far = highest < 0.85 * (len(values) - 1)
    for point in points:
        point["text_y"] = _text(point["y"])
    return {
        "name": name,
        "points": points,
        "segments": [{"start": one, "end": other} for one, other in pairwise(points)],
        "end": points[-1],
        "end_value": format_value(values[-1]),
        "name_y": points[-1]["y"] - 2,
        "peak": points[highest] if far else None,
        "peak_value": format_value(values[highest]),
        "peak_anchor": "start" if highest == 0 else "middle",
    }


def _keep_names_apart(lines: list[dict], base: int) -> None:
    """Move the names at the lines' ends so that they neither touch nor leave the chart."""
    for line in lines:
        line["name_y"] = min(line["name_y"], base - 18)
    if len(lines) == MOST:
        upper, lower = sorted(lines, key=lambda line: line["name_y"])
        short = NAMES_APART - (lower["name_y"] - upper["name_y"])
        if short > 0:
            upper["name_y"] -= short / 2
            lower["name_y"] += short / 2
            below = lower["name_y"] - (base - 18)
            if below > 0:
                upper["name_y"] -= below
                lower["name_y"] -= below
    for line in lines:
        line["value_y"] = _text(line["name_y"] + 17)
        line["name_y"] = _text(line["name_y"])


def _keep_highest_peak(lines: list[dict]) -> None:
    """Two values written near each other would touch: only the highest of all is."""
    with_peak = [line for line in lines if line["peak"]]
    for line in sorted(with_peak, key=lambda line: line["peak"]["y"])[1:]:
        line["peak"] = None
    highest = min((line["end"]["y"] for line in lines), default=0)
    for line in lines:
        if line["peak"] and line["peak"]["y"] > highest:  # another line ends higher
            line["peak"] = None


def _ticks(labels: Sequence[str]) -> list[dict]:
    every = max(1, -(-len(labels) // LABELS))
    last = len(labels) - 1
    shown = [i for i in range(len(labels)) if i % every == 0 and (i == 0 or last - i >= every / 2)]
    if last > 0:
        shown.append(last)
    return [
        {
            "x": _text(_at(index, len(labels))),
            "text": labels[index],
            "anchor": "start" if index == 0 else "middle",
        }
        for index in dict.fromkeys(shown)
    ]


def _at(index: int, total: int) -> float:
    return LEFT + (RIGHT - LEFT) * (index / (total - 1) if total > 1 else 0.5)


def _text(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _described(labels: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]]) -> str:
    if not labels:
        return _("Aucune donnée pour cette période.")
    return sentence(
        (f"{name}, {label}", format_value(value))
        for name, values in series
        for label, value in zip(labels, values, strict=True)
    )
