"""Bar and line charts drawn on the server as SVG.

Attributes only, no style or script, so that a strict content policy, the dark theme and WeasyPrint
all show them: colours come from CSS classes over ``currentColor``. Scales start at zero, every
value is written beside its mark, a bar can link to the list behind it.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count, pairwise
from typing import TypeAlias

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number: TypeAlias = int | float | Decimal
BarRow: TypeAlias = tuple[str, Number, str | None]
Point: TypeAlias = tuple[str, Number]

LONGEST_BAR = 80  # per cent of the width; the rest is for the value
LABEL_WIDTH = 50  # characters of a bar's label before its second line: a phone's width
LINE = 19  # pixels, as BAR_HEIGHT and the heights below
BAR_HEIGHT = 14
BAR_GAP = 12
LINE_HEIGHT = 240
LINE_TOP, LINE_BOTTOM = 30, 34
LINE_LEFT, LINE_RIGHT = 2, 98  # per cent
VALUES_APART = 0.15  # of the width, so that two values written side by side do not touch
POINT_LABELS = 4  # about so many labels under a line

_ids = count(1)


def format_value(value: Number, unit: str = "") -> str:
    """A number as people write it, with at most one decimal and its unit."""
    whole = float(value).is_integer()
    text = number_format(value, 0 if whole else 1, force_grouping=True)
    return f"{text}\u00a0{unit}" if unit else text


def bar_chart(title: str, rows: Sequence[BarRow], unit: str = "") -> SafeString:
    """Horizontal bars ``(label, value, url or None)``, in the order given.

    Raises ValueError for a negative value: a bar that starts at zero could not show it.
    """
    _refuse_negative(row[1] for row in rows)
    largest = max((float(row[1]) for row in rows), default=0)
    bars, top = [], 0
    for label, value, url in rows:
        lines = _wrapped(label)
        bar_y = top + len(lines) * LINE + 6
        bottom = bar_y + BAR_HEIGHT + BAR_GAP
        bars.append(
            {
                "label": label,
                "lines": [{"text": text, "y": top + LINE * n} for n, text in enumerate(lines, 1)],
                "value": format_value(value, unit),
                "url": url,
                "row_y": top,
                "row_height": bottom - top,
                "bar_y": bar_y,
                "width": _number(_share(value, largest) * LONGEST_BAR),
                "value_y": bar_y + BAR_HEIGHT - 2,
            }
        )
        top = bottom
    return _render(
        "components/chart_bar.html",
        title,
        height=top or 2 * LINE,
        description=_described([(row[0], row[1]) for row in rows], unit),
        bars=bars,
        bar_height=BAR_HEIGHT,
        # An image hides what is inside it from screen readers, links too.
        role="group" if any(bar["url"] for bar in bars) else "img",
    )


def line_chart(title: str, points: Sequence[Point], unit: str = "") -> SafeString:
    """One line over ordered points ``(label, value)``; the first, highest and last are labelled."""
    _refuse_negative(point[1] for point in points)
    largest = max((float(point[1]) for point in points), default=0)
    base = LINE_HEIGHT - LINE_BOTTOM
    last = len(points) - 1
    every = max(1, math.ceil(len(points) / POINT_LABELS))
    labelled = _labelled_points(points)
    marks = []
    for index, (label, value) in enumerate(points):
        share = index / last if last else 0.5
        y = base - (base - LINE_TOP) * _share(value, largest)
        marks.append(
            {
                "x": _number(LINE_LEFT + (LINE_RIGHT - LINE_LEFT) * share),
                "y": _number(y),
                "value": format_value(value, unit),
                "value_y": _number(y - 10),
                "show_value": index in labelled,
                "label": label if _shows_label(index, len(points), every) else "",
                "anchor": _anchor(share),
            }
        )
    return _render(
        "components/chart_line.html",
        title,
        height=LINE_HEIGHT,
        description=_described(points, unit),
        marks=marks,
        segments=[{"start": one, "end": other} for one, other in pairwise(marks)],
        base_y=base,
        label_y=LINE_HEIGHT - 10,
        left=LINE_LEFT,
        right=LINE_RIGHT,
    )


def _render(template: str, title: str, *, height: int, **context: object) -> SafeString:
    if not title:
        raise ValueError("a chart needs a title")
    number = next(_ids)
    return render_to_string(
        template,
        {
            "title": title,
            "title_id": f"graphique-{number}",
            "description_id": f"graphique-{number}-texte",
            "height": height,
            **context,
        },
    )


def _refuse_negative(values: Iterable[Number]) -> None:
    if any(value < 0 for value in values):
        raise ValueError("a zero-based chart cannot show a negative value")


def _share(value: Number, largest: float) -> float:
    return float(value) / largest if largest else 0.0


def _number(value: float) -> str:
    """Coordinates with a point whatever the language, and no useless decimals."""
    return f"{value:.1f}".removesuffix(".0")


def _described(rows: Sequence[tuple[object, Number]], unit: str) -> str:
    if not rows:
        return _("Aucune donnée pour cette période.")
    return sentence((name, format_value(value, unit)) for name, value in rows)


def sentence(pairs: Iterable[tuple[object, str]]) -> str:
    """Names and their values, told in one line: « Internet : 13 ; Guichet : 12 »."""
    colon, semicolon = _(" :"), _(" ;")
    return f"{semicolon} ".join(f"{name}{colon} {value}" for name, value in pairs)


def _labelled_points(points: Sequence[Point]) -> set[int]:
    if not points:
        return set()
    last = len(points) - 1
    highest = max(range(len(points)), key=lambda index: float(points[index][1]))
    far_enough = {end for end in (0, last) if abs(end - highest) >= last * VALUES_APART}
    return {highest} | far_enough


def _shows_label(index: int, total: int, every: int) -> bool:
    last = total - 1
    return index == last or (index % every == 0 and last - index >= every / 2)


def _anchor(share: float) -> str:
    if share in (0, 1):
        return "end" if share else "start"
    return "middle"


def _wrapped(label: str) -> list[str]:
    return textwrap.wrap(str(label), LABEL_WIDTH, max_lines=2, placeholder="…") or [""]
