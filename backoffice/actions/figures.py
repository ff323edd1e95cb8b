"""Write the daily figures: the days that changed, or all of them."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from backoffice.figures import all_days, counted_days, days_touched_since
from backoffice.models import DailyFigure, FigureCutoff
from massy_grc.common.append_only import newest_settled
from requests.models import RequestEvent

ROWS = 2000
DAYS = 31  # of a rebuild, counted at a time


def roll_up_figures(*, now: datetime | None = None) -> int:
    """Recount the days that events since the last run touched; return how many days.

    Safe to run at any time, twice, or after a long break. Two runs at once wait for each other.
    """
    newest = newest_settled(RequestEvent)
    with transaction.atomic():
        cutoff = _locked_cutoff()
        days = days_touched_since(cutoff.event_id)
        _write(days)
        _advance(cutoff, newest, now)
    return len(days)


def rebuild_figures(*, now: datetime | None = None) -> int:
    """Forget every figure and count all days again; return how many days.

    Readers see the former figures until all new ones are there.
    """
    newest = newest_settled(RequestEvent)
    with transaction.atomic():
        cutoff = _locked_cutoff()
        DailyFigure.objects.all().delete()
        days = all_days()
        for start in range(0, len(days), DAYS):
            _write(days[start : start + DAYS])
        _advance(cutoff, newest, now)
    return len(days)


def _locked_cutoff() -> FigureCutoff:
    FigureCutoff.objects.get_or_create(pk=1)
    return FigureCutoff.objects.select_for_update(no_key=True).get(pk=1)


def _write(days: Collection[date]) -> None:
    DailyFigure.objects.filter(day__in=list(days)).delete()
    figures = counted_days(days)
    while some := list(islice(figures, ROWS)):
        DailyFigure.objects.bulk_create(some)


def _advance(cutoff: FigureCutoff, newest: int | None, now: datetime | None) -> None:
    if newest is not None:
        cutoff.event_id = max(newest, cutoff.event_id)
    cutoff.rolled_up_at = now or timezone.now()
    cutoff.save()
