"""Double entry counted: what agents typed again in each program, of what they have to (S53)."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from django.db.models import Count
from django.utils.translation import gettext as _

from backoffice.dashboard import words
from backoffice.dashboard.axes import Chart, Row
from backoffice.dashboard.links import Lists, Number, of_department
from backoffice.dashboard.reading import Selection
from massy_grc.common.charts import bar_chart
from massy_grc.common.spreadsheets import cell
from prestations.calendars import midnight, midnight_after
from prestations.models import Department, Prestation, Software
from requests.models import Rekeying, ServiceRequest
from requests.rekeying import COUNTED, Part

Place = tuple[str, str | None]  # of a prestation, of a department


@dataclass(frozen=True)
class Counts:
    """Requests typed again, still to be, and both; each opens its list."""

    done: Number
    left: Number
    total: Number

    @property
    def share(self) -> str:
        """« 40 % » of them were typed again; a dash where there is none."""
        part = words.percent(self.done.value, self.total.value)
        return words.NONE if part is None else _("%(n)s %%") % {"n": part}

    @property
    def cells(self) -> tuple[Number | str, ...]:
        return self.done, self.left, self.total, self.share


@dataclass(frozen=True)
class Line:
    """What one department does for one prestation in a program."""

    department: str
    prestation: str
    counts: Counts


@dataclass(frozen=True)
class Group:
    """One program: all of it, then line by line; most typed first."""

    software: Software
    counts: Counts
    lines: tuple[Line, ...]


def rekeyed_in(selection: Selection) -> list[Group]:
    """Return each program with the requests of the period, most typed first; six queries.

    A request counts for its own prestation's program, and for any in which it was typed before.
    """
    period = selection.period
    rows = selection.narrowed(ServiceRequest.objects.all()).filter(
        COUNTED,
        arrived_at__gte=midnight(period.first),
        arrived_at__lt=midnight_after(period.last),
    )
    done, total = _counted(rows)
    software = Software.objects.in_bulk({code for code, _place in total})
    departments: dict[str | None, str] = {
        one.pk: str(one) for one in Department.objects.only("label")
    }
    departments[None] = _("Accueil, sans service responsable")
    prestations = {one.pk: str(one) for one in Prestation.objects.only("label")}
    lists, groups = Lists(selection), []
    for code in software:
        places = [place for one, place in total if one == code]
        lines = [
            Line(
                departments[department],
                prestations[prestation],
                _counts(
                    done[code, (prestation, department)],
                    total[code, (prestation, department)],
                    lists,
                    logiciel=code,
                    prestation=prestation,
                    **of_department(department),
                ),
            )
            for prestation, department in places
        ]
        whole = _counts(
            sum(one.counts.done.value for one in lines),
            sum(one.counts.total.value for one in lines),
            lists,
            logiciel=code,
        )
        ordered = sorted(lines, key=lambda one: (_most(one.counts), one.department, one.prestation))
        groups.append(Group(software[code], whole, tuple(ordered)))
    return sorted(groups, key=lambda one: (_most(one.counts), one.software.order))


def rekeyed_chart(groups: Sequence[Group]) -> Chart:
    """Requests typed again by program, with its table."""
    title = _("Demandes ressaisies par logiciel")
    bars = [
        (str(one.software), one.counts.done.value, one.counts.done.url)
        for one in groups
        if one.counts.done.value
    ]
    rows = tuple(Row(str(one.software), one.counts.cells) for one in groups)
    return Chart(title, bar_chart(title, bars), _("Logiciel"), heads(), rows)


def heads() -> tuple[str, ...]:
    """What stands above each of the `cells`."""
    return _("Ressaisies"), _("À ressaisir"), _("Ensemble"), _("Part ressaisie")


def rekeyed_file(groups: Sequence[Group]) -> str:
    """The lines as a file for spreadsheets: semicolons, as French ones expect."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow([_("Logiciel"), _("Service responsable"), _("Prestation"), *heads()[:3]])
    writer.writerows(_written(groups))
    return written.getvalue()


def _written(groups: Sequence[Group]) -> Iterator[list]:
    for group in groups:
        for line in group.lines:
            named = (str(group.software), line.department, line.prestation)
            numbers = (line.counts.done, line.counts.left, line.counts.total)
            yield [*map(cell, named), *(one.value for one in numbers)]


def _counted(rows) -> tuple[Counter, Counter]:
    """Count by program and place: those typed again, and all that count there."""
    program_of = dict(Prestation.objects.typed_again().values_list("pk", "legacy_software"))
    done: Counter[tuple[str, Place]] = Counter()
    total: Counter[tuple[str, Place]] = Counter()
    noted = Rekeying.objects.standing().filter(request__in=rows.order_by().values("pk"))
    axes = ("software", "request__prestation", "request__department")
    counted = noted.order_by().values_list(*axes).annotate(number=Count("*"))
    for software, prestation, department, number in counted:
        place = software, (prestation, department)
        done[place] += number
        if program_of.get(prestation) != software:
            total[place] += number
    named = rows.filter(prestation__in=program_of).order_by()
    for prestation, department, number in named.values_list("prestation", "department").annotate(
        number=Count("*")
    ):
        total[program_of[prestation], (prestation, department)] += number
    return done, total


def _counts(done: int, total: int, lists: Lists, **kind: str) -> Counts:
    return Counts(
        Number(done, lists.filed(ressaisie=Part.DONE.value, **kind)),
        Number(total - done, lists.filed(ressaisie=Part.LEFT.value, **kind)),
        Number(total, lists.filed(**kind)),
    )


def _most(counts: Counts) -> tuple[int, int]:
    return -counts.done.value, -counts.total.value
