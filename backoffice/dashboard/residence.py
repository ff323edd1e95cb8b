"""Who lives in town and who does not, by prestation: on the dashboard and as a file (S86)."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from django.utils.translation import gettext as _

from backoffice.dashboard import words
from backoffice.dashboard.axes import SHOWN, Chart, Row
from backoffice.dashboard.links import Lists, Number
from citizens.enums import ResidenceKind
from massy_grc.common.charts import bar_chart
from massy_grc.common.spreadsheets import cell

KINDS = tuple(ResidenceKind)
Counts = Mapping[str, Mapping[str, int]]  # prestation: residence: requests filed


def residence_chart(counts: Counts, labels: Mapping[str, str], lists: Lists) -> Chart:
    """Requests that came from elsewhere, by prestation; the table has the town's own beside them.

    Args:
        labels: of prestations, by code.
    """
    outside = ResidenceKind.EXTERIEUR
    ordered = _ordered(counts)
    drawn = [(code, kinds[outside]) for code, kinds in ordered if kinds.get(outside)][:SHOWN]
    bars = [
        (labels[code], number, lists.filed(prestation=code, residence=outside))
        for code, number in drawn
    ]
    rows = [
        Row(
            labels[code],
            (
                *(
                    Number(kinds.get(kind, 0), lists.filed(prestation=code, residence=kind))
                    for kind in KINDS
                ),
                share_words(kinds),
            ),
        )
        for code, kinds in ordered
    ]
    title = _("Demandes de personnes qui n’habitent pas la ville, par prestation")
    head = (*(str(kind.label) for kind in KINDS), _("Part d’extérieurs"))
    note = _("La part se compte parmi les demandes dont le domicile est connu.")
    return Chart(title, bar_chart(title, bars), _("Prestation"), head, tuple(rows), note)


def share_words(kinds: Mapping[str, int]) -> str:
    """« 12 % » of outsiders among those whose home is known; a dash of none."""
    outside = kinds.get(ResidenceKind.EXTERIEUR, 0)
    share = words.percent(outside, outside + kinds.get(ResidenceKind.MASSICOIS, 0))
    return words.NONE if share is None else _("%(n)s %%") % {"n": share}


def residence_file(counts: Counts, labels: Mapping[str, str]) -> str:
    """The same table as a file for spreadsheets: semicolons, as French ones expect."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow([_("Code"), _("Prestation"), *(str(kind.label) for kind in KINDS)])
    writer.writerows(_lines(counts, labels))
    return written.getvalue()


def _lines(counts: Counts, labels: Mapping[str, str]) -> Iterator[list]:
    for code, kinds in _ordered(counts):
        yield [cell(code), cell(labels[code]), *(kinds.get(kind, 0) for kind in KINDS)]


def _ordered(counts: Counts) -> list[tuple[str, Mapping[str, int]]]:
    """Most outsiders first, then most asked for."""

    def key(item: tuple[str, Mapping[str, int]]) -> tuple:
        code, kinds = item
        return (-kinds.get(ResidenceKind.EXTERIEUR, 0), -sum(kinds.values()), code)

    return sorted(counts.items(), key=key)
