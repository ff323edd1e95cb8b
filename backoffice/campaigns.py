"""What a campaign brought: visits, requests, and how demand moved before, during and after (S64).

Demand is counted in whole days, as requests a week of each prestation the campaign points to.
*Before* is as many days just before it, *after* as many just after; the same days of the year
before tell what the season does by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from backoffice.dashboard.links import Lists, Number
from backoffice.dashboard.period import ONE_DAY, Period, Slice
from backoffice.dashboard.reading import Selection
from backoffice.dashboard.words import FEW, NONE
from massy_grc.common.charts import format_value
from prestations.calendars import midnight
from prestations.models import Campaign, CampaignDay
from requests.figures import day_of
from requests.models import ServiceRequest

BEFORE, DURING, AFTER, YEAR_BEFORE = WINDOWS = ("before", "during", "after", "year_before")
A_YEAR = timedelta(weeks=52)  # the same days of the week
SHOWN = 10  # campaigns of a dashboard


@dataclass(frozen=True)
class Rate:
    """So many requests in so many days."""

    count: int
    days: int

    @property
    def per_week(self) -> float:
        return 7 * self.count / self.days

    @property
    def words(self) -> str:
        return format_value(round(self.per_week, 1))


@dataclass(frozen=True)
class Effect:
    """How demand moved; None for a time that has no whole day yet, or no requests on record."""

    before: Rate | None = None
    during: Rate | None = None
    after: Rate | None = None
    year_before: Rate | None = None

    @property
    def words(self) -> str:
        """« 20 % de plus que juste avant »; nothing is said of few."""
        if self.before is None or self.during is None:
            return _("Pas encore de comparaison")
        if self.before.count < FEW:
            return _("Trop peu de demandes pour comparer")
        change = round(100 * (self.during.per_week / self.before.per_week - 1))
        if not change:
            return _("Autant que juste avant")
        words = _("%(n)s %% de plus que juste avant") if change > 0 else ""
        return (words or _("%(n)s %% de moins que juste avant")) % {"n": abs(change)}

    @property
    def cells(self) -> list[str]:
        """The four rates in the order of the table, a dash for none."""
        rates = (self.before, self.during, self.after, self.year_before)
        return [rate.words if rate else NONE for rate in rates]


@dataclass(frozen=True)
class Told:
    """A campaign with its figures."""

    campaign: Campaign
    visits: int
    begun: int
    filed: Number
    effect: Effect  # of all its prestations together
    by_prestation: Sequence[tuple[object, Effect]]

    @property
    def days(self) -> str:
        return Slice(self.campaign.first_day, self.campaign.last_day, whole=True).words


def told_of(selection: Selection, *, today: date) -> list[Told]:
    """The campaigns of the selection's period, the newest first; five queries at most."""
    period = selection.period
    running = Campaign.objects.between(period.first, period.last)
    return figures_of(running.prefetch_related("prestations")[:SHOWN], selection, today=today)


def figures_of(campaigns: Iterable[Campaign], selection: Selection, *, today: date) -> list[Told]:
    """The figures of `campaigns`, counted among what the selection's reader may count.

    Visits and forms begun have no team and no department: they are all counted.
    """
    campaigns = list(campaigns)
    if not campaigns:
        return []
    days = CampaignDay.objects.filter(campaign__in=campaigns).order_by().values("campaign")
    opened = {
        row["campaign"]: (row["visited"], row["started"])
        for row in days.annotate(visited=Sum("visits"), started=Sum("begun"))
    }
    requests = selection.narrowed(ServiceRequest.objects.all()).order_by()
    brought = requests.filter(campaign__in=campaigns).values("campaign")
    filed = dict(brought.annotate(total=Count("pk")).values_list("campaign", "total"))
    begins = _first_arrival() or today
    windows = {one.pk: _windows(one, today, begins) for one in campaigns}
    counts = _counted(campaigns, windows, requests)
    lists = Lists(selection)
    return [
        Told(
            campaign=one,
            visits=opened.get(one.pk, (0, 0))[0],
            begun=opened.get(one.pk, (0, 0))[1],
            filed=Number(filed.get(one.pk, 0), lists.every(campagne=one.code)),
            effect=_effect(windows[one.pk], counts, one.pk, [p.pk for p in one.prestations.all()]),
            by_prestation=[
                (prestation, _effect(windows[one.pk], counts, one.pk, [prestation.pk]))
                for prestation in one.prestations.all()
            ],
        )
        for one in campaigns
    ]


def _first_arrival() -> date | None:
    oldest = ServiceRequest.objects.order_by("arrived_at").values_list("arrived_at", flat=True)
    return next((day_of(moment) for moment in oldest[:1]), None)


def _windows(campaign: Campaign, today: date, begins: date) -> dict[str, Period]:
    """The whole days of each window; missing without any, and where no request is on record.

    Of days before the first request nothing is known, which is not the same as no demand.
    """
    first, last = campaign.first_day, campaign.last_day
    length, yesterday = last - first + ONE_DAY, today - ONE_DAY
    spans = {
        BEFORE: (first - length, min(first - ONE_DAY, yesterday)),
        DURING: (first, min(last, yesterday)),
        AFTER: (last + ONE_DAY, min(last + length, yesterday)),
        YEAR_BEFORE: (first - A_YEAR, min(last, yesterday) - A_YEAR),
    }
    found = {name: Period(*span) for name, span in spans.items() if span[0] <= span[1]}
    return {name: span for name, span in found.items() if span.first >= begins}


def _counted(campaigns: list[Campaign], windows: dict, requests) -> dict[str, dict[str, int]]:
    """Requests filed by prestation in each window of each campaign; one query."""
    wanted, columns, codes = Q(pk__in=[]), {}, set()
    for one in campaigns:
        pointed = {prestation.pk for prestation in one.prestations.all()}
        codes |= pointed
        for name, period in windows[one.pk].items():
            span = Q(
                arrived_at__gte=midnight(period.first),
                arrived_at__lt=midnight(period.last + ONE_DAY),
            )
            wanted |= span
            columns[_column(one.pk, name)] = Count("pk", filter=span)
    if not columns or not codes:
        return {}
    rows = requests.filter(wanted, prestation__in=codes).values("prestation").annotate(**columns)
    return {row["prestation"]: row for row in rows}


def _effect(windows: dict[str, Period], counts: dict, campaign_id: int, codes: list) -> Effect:
    rates = {}
    for name, period in windows.items():
        column = _column(campaign_id, name)
        count = sum(counts[code][column] for code in codes if code in counts)
        rates[name] = Rate(count, period.days)
    return Effect(**rates) if codes else Effect()


def _column(campaign_id: int, window: str) -> str:
    return f"{window}_{campaign_id}"
