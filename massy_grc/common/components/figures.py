"""Charts, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from massy_grc.common import charts
from massy_grc.common.components.arguments import required

register = template.Library()


@register.simple_tag
def bar_chart(*, title: str, rows: Sequence[charts.BarRow], unit: str = "") -> SafeString:
    """Horizontal bars; see ``charts.bar_chart``."""
    return charts.bar_chart(title, rows=rows, unit=unit)


@register.simple_tag
def line_chart(*, title: str, points: Sequence[charts.Point], unit: str = "") -> SafeString:
    """A line over time; see ``charts.line_chart``."""
    return charts.line_chart(title, points=points, unit=unit)


@register.inclusion_tag("components/chart_table.html")
def chart_table(
    *, caption: str, head: str, rows: Sequence[Sequence[Any]], unit: str = ""
) -> dict[str, Any]:
    """The figures of a chart as a table, folded under « Voir les chiffres »."""
    required("chart_table", caption=caption, head=head)
    return {
        "caption": caption,
        "head": head,
        "unit": unit,
        "rows": [
            {
                "label": row[0],
                "value": charts.format_value(row[1]),
                "url": row[2] if len(row) > 2 else None,
            }
            for row in rows
        ],
    }
