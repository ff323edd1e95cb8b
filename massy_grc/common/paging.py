"""Keyset pages: rows after or before a known one, in an order that an index follows.

No COUNT and no OFFSET: the hundredth page costs what the first does, and a row filed meanwhile
neither repeats nor hides another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import Q, QuerySet
from django.http import QueryDict

AFTER = "apres"
BEFORE = "avant"
POSITION_PARAMS = (AFTER, BEFORE)


@dataclass(frozen=True)
class Order:
    """A column then the id, both in the same direction; before them, the rows' groups.

    Attributes:
        field: a column or annotation of dates without nulls; of texts, if `text`.
        group: a column or annotation of text without nulls, ascending; none by default. No index
            follows it: for lists of a bounded length.
    """

    field: str
    descending: bool = False
    group: str = ""
    text: bool = False

    def ordering(self, *, backwards: bool = False) -> tuple[str, ...]:
        sign = "-" if self.descending != backwards else ""
        within = f"{sign}{self.field}", f"{sign}id"
        return (f"{'-' if backwards else ''}{self.group}", *within) if self.group else within

    def beyond(self, position: "Position", *, backwards: bool) -> Q:
        """Rows strictly after (before, when `backwards`) the one at `position`."""
        side = "lt" if self.descending != backwards else "gt"
        # the first condition alone is a range the index can start from
        within = Q(**{f"{self.field}__{side}e": position.at}) & (
            Q(**{f"{self.field}__{side}": position.at}) | Q(**{f"id__{side}": position.row_id})
        )
        if not self.group:
            return within
        further = Q(**{f"{self.group}__{'lt' if backwards else 'gt'}": position.group})
        return further | Q(**{self.group: position.group}) & within

    def mark(self, row: Any) -> str:
        """The position of `row`, as the address of the next page carries it."""
        value = getattr(row, self.field)
        at = quote(value).replace("~", "%7E") if self.text else value.isoformat()
        mark = f"{at}~{row.pk}"
        return f"{mark}~{getattr(row, self.group)}" if self.group else mark


@dataclass(frozen=True)
class Position:
    """Where a row stands in an `Order`."""

    at: datetime | str
    row_id: int
    group: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of one page and the addresses (query strings) of its neighbours; empty: none."""

    rows: Sequence[Any]
    previous_query: str = ""
    next_query: str = ""


def keyset_page(queryset: QuerySet, *, order: Order, params: QueryDict, size: int) -> Page:
    """Return the page of `queryset` that `params` asks for, `size` rows at most.

    An unreadable position gives the first page. One query, whatever the number of rows.
    """
    backwards = BEFORE in params
    position = read_position(params.get(BEFORE if backwards else AFTER, ""), text=order.text)
    if position is None:
        backwards = False
    else:
        queryset = queryset.filter(order.beyond(position, backwards=backwards))
    rows = list(queryset.order_by(*order.ordering(backwards=backwards))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, previous_query="" if position is None else with_position(params))
    has_previous = more if backwards else position is not None
    has_next = True if backwards else more
    return Page(
        rows,
        previous_query=with_position(params, BEFORE, order.mark(rows[0])) if has_previous else "",
        next_query=with_position(params, AFTER, order.mark(rows[-1])) if has_next else "",
    )


def read_position(mark: str, *, text: bool = False) -> Position | None:
    """Return the position that an address carries; None for one that says nothing.

    Args:
        text: whether the order is of texts.
    """
    at, _, rest = mark.partition("~")
    row_id, _, group = rest.partition("~")
    try:
        number, where = int(row_id), unquote(at) if text else datetime.fromisoformat(at)
    except ValueError:
        return None
    known = "\0" not in where if isinstance(where, str) else where.tzinfo is not None
    return Position(where, number, group) if known and 0 < number < 2**63 else None


def with_position(params: QueryDict, name: str = "", mark: str = "") -> str:
    """The query string of `params` with another position; all filters are kept."""
    kept = params.copy()
    for position in POSITION_PARAMS:
        kept.pop(position, None)
    if name:
        kept[name] = mark
    return f"?{kept.urlencode()}"
