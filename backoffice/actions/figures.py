"""Write the daily figures: the days that changed, or all of them."""

import time
from collections.abc import Collection
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from backoffice.figures import all_days, counted_days, days_touched_since
from backoffice.models import DailyFigure, FigureCutoff

ROWS = 2000
DAYS = 31  # of a rebuild, counted at a time
PATIENCE = 3.0  # seconds to wait for acts under way
# A transaction's number is higher than those of all that wrote before it.
_NEWEST = """
    SELECT coalesce((SELECT max(id) FROM requests_requestevent), 0), pg_current_xact_id()::text
"""
_NONE_BEFORE = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"


def roll_up_figures(*, now: datetime | None = None) -> int:
    """Recount the days that events since the last run touched; return how many days.

    Safe to run at any time, twice, or after a long break. Two runs at once wait for each other.
    """
    newest = newest_settled_event()
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
    newest = newest_settled_event()
    with transaction.atomic():
        cutoff = _locked_cutoff()
        DailyFigure.objects.all().delete()
        days = all_days()
        for start in range(0, len(days), DAYS):
            _write(days[start : start + DAYS])
        _advance(cutoff, newest, now)
    return len(days)


def newest_settled_event(patience: float = PATIENCE) -> int | None:
    """Return the id of the newest event before which no other can appear any more.

    An id is drawn before its transaction commits, so a lower id may appear after a higher one.
    Waits for the transactions that wrote when the newest id was read, `patience` seconds at
    most; None when one of them runs on (the next run will know).
    """
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest, our_number = cursor.fetchone()
        while True:
            cursor.execute(_NONE_BEFORE, [our_number])
            if cursor.fetchone()[0]:
                return newest
            if time.monotonic() > until:
                return None
            time.sleep(0.05)


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
