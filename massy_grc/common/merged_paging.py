"""Keyset pages of several tables in one list, newest first: each is asked for its next rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from massy_grc.common.paging import (
    AFTER,
    BEFORE,
    Order,
    Page,
    Position,
    read_position,
    with_position,
)


@dataclass(frozen=True)
class Source:
    """One table of the list.

    Attributes:
        name: unique in the list; the address of a page names it.
        rows: what of it is listed.
        field: its date column.
    """

    name: str
    rows: QuerySet
    field: str


@dataclass(frozen=True)
class Dated:
    """One row of the list, and where it comes from."""

    at: datetime
    source: str
    row: Any

    @property
    def mark(self) -> str:
        """Its position, as the address of the next page carries it."""
        return f"{self.at.isoformat()}~{self.row.pk}~{self.source}"


def merged_page(sources: Sequence[Source], *, params: QueryDict, size: int) -> Page:
    """Return the page that `params` asks for, its rows as `Dated`; one query for each source.

    Rows of the same moment stand in the order of their sources. An unreadable position gives the
    first page.
    """
    rank = {source.name: number for number, source in enumerate(sources)}
    backwards = BEFORE in params
    position = read_position(params.get(BEFORE if backwards else AFTER, ""))
    if position is None or position.group not in rank:
        position, backwards = None, False
    found = [
        Dated(getattr(row, source.field), source.name, row)
        for source in sources
        for row in _next_rows(source, rank, position, backwards)[: size + 1]
    ]
    # as `ordering` does within a source: a later one of the same moment stands further down
    found.sort(key=lambda one: (one.at, -rank[one.source], one.row.pk), reverse=not backwards)
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, previous_query=with_position(params) if position else "")
    has_previous = more if backwards else position is not None
    has_next = True if backwards else more
    return Page(
        rows,
        previous_query=with_position(params, BEFORE, rows[0].mark) if has_previous else "",
        next_query=with_position(params, AFTER, rows[-1].mark) if has_next else "",
    )


def _next_rows(
    source: Source, rank: dict[str, int], position: Position | None, backwards: bool
) -> QuerySet:
    order = Order(source.field, descending=True)
    rows = source.rows.order_by(*order.ordering(backwards=backwards))
    if position is None:
        return rows
    if source.name == position.group:
        return rows.filter(order.beyond(position, backwards=backwards))
    later = rank[source.name] > rank[position.group]
    same_moment = "e" if later != backwards else ""
    side = "gt" if backwards else "lt"
    return rows.filter(Q(**{f"{source.field}__{side}{same_moment}": position.at}))
