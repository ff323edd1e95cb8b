"""Read the figures: rollups for the days they know, the requests for the others.

Days touched by events later than the rollups' cut-off are counted from the requests, so that a
number always equals its list, whether the rollups are fresh, late or empty.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from backoffice.dashboard.period import Period
from backoffice.enums import NO_DEPARTMENT, Measure
from backoffice.figures import counted_days, days_touched_since
from backoffice.histograms import percentile
from backoffice.models import DailyFigure, FigureCutoff
from backoffice.querysets import DailyFigureQuerySet
from requests.figures import day_of
from requests.models import ServiceRequest
from requests.querysets import ServiceRequestQuerySet

AXES = ("channel", "prestation", "department", "residence")


@dataclass
class Flow:
    """What happened to one kind of requests in a period, and what is open now."""

    filed: int = 0
    closed: int = 0
    ended: int = 0
    on_time: int = 0
    open: int = 0
    overdue: int = 0
    buckets: Counter = field(default_factory=Counter)

    @property
    def median(self) -> float | None:
        """Treatment time of half of the closed ones, in seconds; None without any."""
        return percentile(self.buckets, 0.5)

    @property
    def nine_in_ten(self) -> float | None:
        """Treatment time of nine closed ones in ten, in seconds; None without any."""
        return percentile(self.buckets, 0.9)

    @property
    def late(self) -> int:
        """Closed ones answered after the due date."""
        return self.closed - self.on_time

    def add(self, measure: str, count: int, on_time: int = 0) -> None:
        if measure == Measure.FILED:
            self.filed += count
        elif measure == Measure.CLOSED:
            self.closed += count
            self.on_time += on_time
        else:
            self.ended += count


def _flows() -> dict:
    return defaultdict(Flow)


@dataclass
class Figures:
    """All that the dashboard shows."""

    total: Flow = field(default_factory=Flow)
    before: Flow | None = None  # None when the figures begin later
    by_day_or_week: dict[date, Flow] = field(default_factory=_flows)
    channel: dict[str, Flow] = field(default_factory=_flows)
    prestation: dict[str, Flow] = field(default_factory=_flows)
    department: dict[str | None, Flow] = field(default_factory=_flows)
    residence: dict[str, Flow] = field(default_factory=_flows)
    by_residence: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    by_site: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))

    def axes_of(self, row) -> tuple[Flow, ...]:
        """The flows that a row (a mapping with the axes) adds to."""
        return tuple(getattr(self, axis)[row[axis]] for axis in AXES if axis in row)

    def note_filed(
        self, measure: str, prestation: str, *, residence: str, site: str | None, count: int
    ) -> None:
        """Count requests filed by prestation, and by where their requester lives (S86) and the
        site that received them (S87).
        """
        if measure == Measure.FILED:
            self.by_residence[prestation][residence] += count
            if site is not None:
                self.by_site[prestation][site] += count


@dataclass(frozen=True)
class Selection:
    """What the reader chose to look at, among what they may count."""

    user: object
    period: Period
    team: str = ""
    department: str = ""  # a code, or NO_DEPARTMENT
    query: str = ""  # of the dashboard's own address, for the way back from a list

    def narrowed(self, queryset: Any) -> Any:
        """Those of requests or daily figures that the selection is about, whatever their day."""
        queryset = queryset.countable_by(self.user)
        if self.team:
            queryset = queryset.filter(team=self.team)
        if self.department == NO_DEPARTMENT:
            return queryset.filter(department=None)
        return queryset.filter(department=self.department) if self.department else queryset


def read_figures(selection: Selection, *, now: datetime) -> Figures:
    """Return the figures of `selection`; the number of queries does not depend on the data."""
    figures = Figures()
    period, before = selection.period, selection.period.previous
    if _figures_begin(before.first):
        figures.before = Flow()
    cutoff = FigureCutoff.objects.filter(pk=1).values_list("event_id", flat=True).first() or 0
    fresh = {d for d in days_touched_since(cutoff) if before.first <= d <= period.last}
    kept = selection.narrowed(DailyFigure.objects)
    _read_kept(figures, kept, period, before, fresh)
    _add_counted(
        figures, period, counted_days(fresh, selection.narrowed(ServiceRequest.objects.all()))
    )
    _read_stock(figures, selection.narrowed(ServiceRequest.objects.all()), now)
    return figures


def _figures_begin(day: date) -> bool:
    """Whether there were requests on `day` or before, so that comparing from there is fair."""
    first = ServiceRequest.objects.order_by("arrived_at").values_list("arrived_at", flat=True)[:1]
    return any(day_of(moment) <= day for moment in first)


def _read_kept(
    figures: Figures, kept: DailyFigureQuerySet, period: Period, before: Period, fresh: set[date]
) -> None:
    now_kept = kept.in_period(period.first, period.last, without=fresh)
    for row in now_kept.sums(*AXES, "site"):
        for flow in (figures.total, *figures.axes_of(row)):
            flow.add(row["measure"], row["total"], row["total_on_time"])
        figures.note_filed(
            row["measure"],
            row["prestation"],
            residence=row["residence"],
            site=row["site"],
            count=row["total"],
        )
    for row in now_kept.histograms("prestation", "department"):
        for flow in (figures.total, *figures.axes_of(row)):
            flow.buckets[row["bucket"]] += row["total"]
    for row in now_kept.weekly() if period.by_week else now_kept.sums("day"):
        start = max(row["week"], period.first) if period.by_week else row["day"]
        figures.by_day_or_week[start].add(row["measure"], row["total"])
    if figures.before is None:
        return
    past_kept = kept.in_period(before.first, before.last, without=fresh)
    for row in past_kept.sums():
        figures.before.add(row["measure"], row["total"], row["total_on_time"])
    for row in past_kept.histograms():
        figures.before.buckets[row["bucket"]] += row["total"]


def _add_counted(figures: Figures, period: Period, counted: Iterable[DailyFigure]) -> None:
    for figure in counted:
        if figure.day < period.first:
            flows: tuple[Flow, ...] = (figures.before,) if figures.before else ()
        else:
            start = figure.day
            if period.by_week:
                start = max(figure.day - timedelta(days=figure.day.weekday()), period.first)
            flows = (
                figures.total,
                figures.by_day_or_week[start],
                figures.channel[figure.channel],
                figures.prestation[figure.prestation_id],
                figures.department[figure.department_id],
                figures.residence[figure.residence],
            )
            figures.note_filed(
                figure.measure,
                figure.prestation_id,
                residence=figure.residence,
                site=figure.site_id,
                count=figure.count,
            )
        for flow in flows:
            flow.add(figure.measure, figure.count, figure.on_time)
            flow.buckets.update(figure.buckets)


def _read_stock(figures: Figures, requests: ServiceRequestQuerySet, now: datetime) -> None:
    for name, rows in (("open", requests.open().leading()), ("overdue", requests.overdue(now))):
        for row in rows.order_by().values(*AXES).annotate(total=Count("*")):
            for flow in (figures.total, *figures.axes_of(row)):
                setattr(flow, name, getattr(flow, name) + row["total"])
