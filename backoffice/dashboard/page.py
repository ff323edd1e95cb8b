"""The dashboard's parts as the template shows them: tiles, charts, their tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.dashboard import words
from backoffice.dashboard.axes import Axis, Chart, Row
from backoffice.dashboard.links import Lists, Number, of_department
from backoffice.dashboard.period import Period
from backoffice.dashboard.reading import Figures, Flow, Selection
from backoffice.dashboard.residence import residence_chart
from backoffice.dashboard.sites import site_chart
from citizens.enums import ResidenceKind
from massy_grc.common.chart_lines import lines_chart
from prestations.enums import Channel
from prestations.models import Department, Prestation, Site
from prestations.models.organisation import Coded


@dataclass(frozen=True)
class Tile:
    """One figure: its words, its trend, and the counts it stands on as `(number, words)`."""

    label: str
    value: str
    unit: str = ""
    url: str = ""
    trend: words.Trend = field(default_factory=words.Trend)
    counts: tuple[tuple[Number, str], ...] = ()
    note: str = ""
    tone: str = ""


def tiles(figures: Figures, selection: Selection) -> list[Tile]:
    """The row of figures at the top."""
    total, lists = figures.total, Lists(selection)
    before, than = figures.before or Flow(), selection.period.before
    share = words.percent(total.on_time, total.closed)
    median, unit = words.duration(total.median)
    late_share = words.percent(total.overdue, total.open)
    return [
        Tile(
            _("Ouvertes maintenant"),
            words.format_value(total.open),
            url=lists.open() if total.open else "",
            trend=words.stock_trend(total.filed, total.closed + total.ended),
        ),
        Tile(
            _("En retard maintenant"),
            words.format_value(total.overdue),
            url=lists.overdue() if total.overdue else "",
            trend=words.Trend(
                _("%(n)s %% des demandes ouvertes") % {"n": late_share} if total.overdue else ""
            ),
            tone="late" if total.overdue else "",
        ),
        Tile(
            _("Déposées"),
            words.format_value(total.filed),
            url=lists.filed() if total.filed else "",
            trend=words.count_trend(total.filed, before.filed, than),
        ),
        Tile(
            _("Closes"),
            words.format_value(total.closed),
            url=lists.closed() if total.closed else "",
            trend=words.count_trend(total.closed, before.closed, than),
        ),
        Tile(
            _("Répondues dans les délais"),
            words.NONE if share is None else str(share),
            "" if share is None else "%",
            trend=words.share_trend(share, words.percent(before.on_time, before.closed), than),
            counts=(
                (Number(total.on_time, lists.on_time()), _("dans les délais")),
                (Number(total.late, lists.late()), _("hors délai")),
            ),
        ),
        Tile(
            _("Délai de traitement médian"),
            median,
            unit,
            trend=words.duration_trend(total.median, before.median, than),
            counts=(
                (
                    Number(total.closed, lists.closed()),
                    ngettext("demande close", "demandes closes", total.closed),
                ),
            ),
            note=_("9 sur 10 en moins de %(time)s")
            % {"time": words.duration_words(total.nine_in_ten)}
            if total.closed
            else "",
        ),
    ]


def charts(figures: Figures, selection: Selection) -> list[Chart]:
    """The charts, in the order they are read."""
    lists = Lists(selection)
    prestations = _labels(Prestation.objects.only("label"))
    departments: dict[str | None, str] = _labels(Department.objects.only("label"))
    departments[None] = _("Accueil, sans service responsable")
    by_channel = Axis(
        _("Canal"), figures.channel, lambda code: str(Channel(code).label), _by("canal"), lists
    )
    by_prestation = Axis(
        _("Prestation"), figures.prestation, prestations.__getitem__, _by("prestation"), lists
    )
    by_department = Axis(
        _("Service responsable"), figures.department, departments.__getitem__, of_department, lists
    )
    by_residence = Axis(
        _("Domicile"),
        figures.residence,
        lambda code: str(ResidenceKind(code).label),
        _by("residence"),
        lists,
    )
    return [
        _over_time(figures, selection.period, lists),
        by_channel.filed_chart(_("Demandes déposées par canal")),
        by_prestation.filed_chart(_("Demandes déposées par prestation")),
        by_residence.filed_chart(_("Demandes déposées selon le domicile du demandeur")),
        residence_chart(figures.by_residence, prestations, lists),
        site_chart(figures.by_site, prestations, _labels(Site.objects.only("label")), lists),
        by_department.filed_chart(_("Demandes déposées par service")),
        by_prestation.delay_chart(_("Délai de traitement médian par prestation")),
        by_department.delay_chart(_("Délai de traitement médian par service")),
    ]


def _by(name: str) -> Callable[[str], dict[str, str]]:
    return lambda code: {name: code}


def _over_time(figures: Figures, period: Period, lists: Lists) -> Chart:
    slices = period.slices()
    drawn = [one for one in slices if one.whole]
    flows = figures.by_day_or_week
    rows = []
    for one in slices:
        flow, days = flows.get(one.first, Flow()), Period(one.first, one.last)
        rows.append(
            Row(
                one.words,
                (
                    Number(flow.filed, lists.filed(days)),
                    Number(flow.closed, lists.closed(days)),
                ),
            )
        )
    partial = len(drawn) < len(slices)
    title = (
        _("Déposées et closes par semaine") if period.by_week else _("Déposées et closes par jour")
    )
    svg = lines_chart(
        title,
        [one.words.split(" – ")[0] for one in drawn],
        [
            (_("Déposées"), [flows.get(one.first, Flow()).filed for one in drawn]),
            (_("Closes"), [flows.get(one.first, Flow()).closed for one in drawn]),
        ],
    )
    return Chart(
        title,
        svg,
        _("Semaine") if period.by_week else _("Jour"),
        (_("Déposées"), _("Closes")),
        tuple(rows),
        _("Semaines entières, du lundi au dimanche. Les jours restants sont dans les chiffres.")
        if partial
        else "",
    )


def _labels(rows: Iterable[Coded]) -> dict:
    return {row.pk: str(row) for row in rows}
