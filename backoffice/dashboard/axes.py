"""Charts of the figures split one way: by channel, by prestation, by department."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.dashboard import words
from backoffice.dashboard.links import Lists, Number
from backoffice.dashboard.reading import Flow
from massy_grc.common.charts import bar_chart

SHOWN = 15  # bars of a chart; the table has them all
ENOUGH = 5  # closed requests for a treatment time to be drawn


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Number | str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart and its table; `head` names the columns after the first, `named`.

    `rest` is what the bars leave out, counted, with its words.
    """

    title: str
    svg: SafeString
    named: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    rest: tuple[Number, str] | None = None


@dataclass(frozen=True)
class Axis:
    """One way to split the figures.

    Attributes:
        named: the first column's head.
        flows: figures by code; None is « without department ».
        label: from a code to its words.
        kind: from a code to the queue's filter.
    """

    named: str
    flows: Mapping[Any, Flow]
    label: Callable
    kind: Callable[..., dict[str, str]]
    lists: Lists

    def filed_chart(self, title: str) -> Chart:
        """Requests filed; the table adds closed, open and overdue ones."""
        ordered = self._ordered(lambda flow: (flow.filed, flow.open, flow.closed))
        filed = [(code, flow) for code, flow in ordered if flow.filed]
        # what the front office keeps would dwarf the departments: told apart, below
        drawn = [(code, flow) for code, flow in filed if code is not None] or filed
        bars = [
            (self.label(code), flow.filed, self.lists.filed(**self.kind(code)))
            for code, flow in drawn[:SHOWN]
        ]
        rows = [
            Row(
                self.label(code),
                (
                    Number(flow.filed, self.lists.filed(**self.kind(code))),
                    Number(flow.closed, self.lists.closed(**self.kind(code))),
                    Number(flow.open, self.lists.open(**self.kind(code))),
                    Number(flow.overdue, self.lists.overdue(**self.kind(code))),
                ),
            )
            for code, flow in ordered
        ]
        head = (_("Déposées"), _("Closes"), _("Ouvertes"), _("En retard"))
        note, rest = "", None
        if len(drawn) < len(filed):
            number = Number(self.flows[None].filed, self.lists.filed(**self.kind(None)))
            rest = number, self.label(None)
            if len(drawn) > SHOWN:
                note = _("Les 15 premiers services ; tous sont dans les chiffres.")
        elif len(drawn) > SHOWN:
            rest = self._others(drawn)
        svg = bar_chart(title, bars)
        return Chart(title, svg, self.named, head, tuple(rows), note, rest)

    def delay_chart(self, title: str) -> Chart:
        """Median treatment times; the table adds nine in ten, and the closed ones counted."""
        ordered = self._ordered(lambda flow: (flow.median or -1.0, flow.closed))
        ordered = [(code, flow) for code, flow in ordered if flow.closed]
        drawn = [(code, flow) for code, flow in ordered if flow.closed >= ENOUGH]
        bars = [
            (
                self.label(code),
                words.in_days(flow.median or 0),
                self.lists.closed(**self.kind(code)),
            )
            for code, flow in drawn[:SHOWN]
        ]
        rows = [
            Row(
                self.label(code),
                (
                    words.duration_words(flow.median),
                    words.duration_words(flow.nine_in_ten),
                    Number(flow.closed, self.lists.closed(**self.kind(code))),
                    Number(flow.late, self.lists.late(**self.kind(code))),
                ),
            )
            for code, flow in ordered
        ]
        head = (_("Médian"), _("9 sur 10 en"), _("Closes"), _("Hors délai"))
        note = _("En jours, à partir de 5 demandes closes.")
        if len(drawn) > SHOWN:
            note = _("Les 15 plus longs, en jours, à partir de 5 demandes closes.")
        svg = bar_chart(title, bars, _("j"))
        return Chart(title, svg, self.named, head, tuple(rows), note)

    def _others(self, drawn: list) -> tuple[Number, str]:
        others = sum(flow.filed for _code, flow in drawn[SHOWN:])
        first = ",".join(str(code) for code, _flow in drawn[:SHOWN])
        text = _("Les %(n)s autres") % {"n": len(drawn) - SHOWN}
        return Number(others, self.lists.filed(sauf=first)), text

    def _ordered(self, key: Callable[[Flow], tuple]) -> list[tuple[str | None, Flow]]:
        return sorted(self.flows.items(), key=lambda item: key(item[1]), reverse=True)
