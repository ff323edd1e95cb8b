"""Cards, tables, pages of a list, filters, figures in a tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string

from massy_grc.common.components.arguments import keys, one_of, required

register = template.Library()

CARD_ACCENTS = ("", "primary", "second")


@register.simple_block_tag
def card(
    content: str,
    *,
    title: str = "",
    level: int = 2,
    accent: str = "",
    icon_name: str = "",
    url: str = "",
) -> str:
    """A framed part of a page. ``level`` is that of its heading, ``url`` makes the title a link."""
    one_of("card", "accent", accent, CARD_ACCENTS)
    if url:
        required("card", title=title)
    return render_to_string(
        "components/card.html",
        {
            "content": content,
            "title": title,
            "heading": f"h{int(level)}",
            "accent": accent,
            "icon_name": icon_name,
            "url": url,
        },
    )


@register.simple_block_tag
def data_table(
    content: str,
    *,
    caption: str,
    columns: Sequence[Mapping[str, Any]],
    caption_hidden: bool = False,
    dense: bool = False,
) -> str:
    """The frame of a table around its ``<tr>`` rows.

    ``columns`` are ``{label, numeric?, hidden?, sort_url?, sorted?}``; sorted is "ascending" or
    "descending", hidden keeps the label for screen readers only.
    """
    required("data_table", caption=caption)
    for column in columns:
        keys(
            "data_table",
            column,
            required={"label"},
            known={"numeric", "hidden", "sort_url", "sorted"},
        )
    return render_to_string(
        "components/data_table.html",
        {
            "content": content,
            "caption": caption,
            "columns": columns,
            "caption_hidden": caption_hidden,
            "dense": dense,
        },
    )


@register.inclusion_tag("components/pager.html")
def pager(*, previous_url: str, next_url: str, label: str, summary: str = "") -> dict[str, Any]:
    """Previous and next of a keyset list; an empty address means that there is none."""
    required("pager", label=label)
    return {
        "previous_url": previous_url,
        "next_url": next_url,
        "label": label,
        "summary": summary,
    }


@register.inclusion_tag("components/filter_chips.html")
def filter_chips(*, chips: Sequence[Mapping[str, Any]], clear_url: str = "") -> dict[str, Any]:
    """The filters in force ``{label, value, remove_url}``, each one removable."""
    for chip in chips:
        keys("filter_chips", chip, required={"label", "value", "remove_url"}, known=set())
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("components/figure_tile.html")
def figure_tile(
    *,
    label: str,
    value: object,
    unit: str = "",
    trend: str = "",
    direction: str = "",
    url: str = "",
) -> dict[str, Any]:
    """A figure with its trend in words; ``url`` opens the very list behind the number."""
    required("figure_tile", label=label, value=value)
    one_of("figure_tile", "direction", direction, ("", "up", "down", "flat"))
    icons = {"up": "trending-up", "down": "trending-down", "flat": "move-right", "": ""}
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "trend": trend,
        "trend_icon": icons[direction],
        "url": url,
    }
