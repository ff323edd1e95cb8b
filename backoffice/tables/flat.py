"""A table whose rows are written in one go: for lists of many rows and columns."""

from collections.abc import Iterator
from dataclasses import dataclass

import django_tables2 as tables
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from massy_grc.common.components.icons import icon


@dataclass(frozen=True)
class Sorter:
    """What the heading of a column says of the rows' order, and the other that it asks for.

    Attributes:
        now: "ascending" or "descending" when they are ordered by this column.
        url: the address in the other order; blank: there is none.
        words: that order in words.
    """

    now: str = ""
    url: str = ""
    words: str = ""


class FlatTable(tables.Table):
    """A django-tables2 table that draws its own rows: a third of the time for the same HTML.

    Each column has its `render_<column>(record)`. What a cell's attributes are is decided once
    per table, not once per cell.

    Attributes:
        is_short: whether a telephone's cards leave out what repeats the subject.
    """

    is_short = False

    def __init__(self, *args, caption: str = "", **kwargs):
        self.caption = caption
        super().__init__(
            *args, orderable=False, template_name="components/table_flat.html", **kwargs
        )
        for column in self.columns:
            column.column.attrs = {
                "td": {"class": f"col-{column.name}", "data-label": str(column.header)},
                "th": {"class": f"col-{column.name}"},
            }

    def row_key(self, record) -> str | int:
        """What tells a row from the others when an open page is renewed; none by default."""
        return ""

    def row_class(self, record) -> str:
        """The class of a row; none by default."""
        return ""

    def group(self, record) -> SafeString:
        """The heading of the group that a row belongs to; none by default."""
        return SafeString("")

    def sorter(self, name: str) -> Sorter:
        """How a column orders the rows; not at all by default."""
        return Sorter()

    def heads(self) -> Iterator[SafeString]:
        """The heading of each column, as HTML."""
        for column in self.columns:
            sorter, words = self.sorter(column.name), column.header
            if sorter.now:
                arrow = icon(name="arrow-up" if sorter.now == "ascending" else "arrow-down")
                words = format_html("{}{}", words, arrow)
            if sorter.url:
                words = format_html(
                    '<a href="{}" title="{}">{}</a>', sorter.url, sorter.words, words
                )
            yield format_html(
                '<th scope="col" {}{}>{}</th>',
                column.attrs["th"].as_html(),
                _attribute("aria-sort", sorter.now),
                words,
            )

    def lines(self) -> Iterator[SafeString]:
        """Each row of the body, as HTML; before the first of a group, its heading."""
        cells = [
            (format_html("<td {}>", column.attrs["td"].as_html()), self._cell(column.name))
            for column in self.columns
        ]
        opened = ""
        for record in self.data:
            if (heading := self.group(record)) != opened:
                opened = heading
                yield format_html(
                    '<tr class="table-group"><th scope="colgroup" colspan="{}">{}</th></tr>',
                    len(cells),
                    heading,
                )
            name, key = self.row_class(record), self.row_key(record)
            parts: list[str] = [
                format_html("<tr{}{}>", _attribute("data-row", key), _attribute("class", name))
            ]
            for opening, cell in cells:
                parts += opening, conditional_escape(cell(record)), "</td>"
            parts.append("</tr>")
            yield mark_safe("".join(parts))  # noqa: S308 - each part was escaped when made

    def _cell(self, name: str):
        return getattr(self, f"render_{name}")


def _attribute(name: str, value: str | int) -> SafeString:
    return format_html(' {}="{}"', name, value) if value else SafeString("")
