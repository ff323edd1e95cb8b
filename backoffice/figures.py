"""Days counted from the requests themselves: what rollups keep, and what they do not know yet."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from backoffice.enums import Measure
from backoffice.histograms import bucket_of
from backoffice.models import DailyFigure
from prestations.calendars import PARIS
from requests.enums import State
from requests.figures import answer_moment, day_of, in_days, treatment_seconds
from requests.models import RequestEvent, ServiceRequest

KIND = ("channel", "prestation", "department", "team", "residence", "site")


def counted_days(days: Collection[date], requests: QuerySet | None = None) -> Iterator[DailyFigure]:
    """Yield the figures of `days`, unsaved, counted from `requests` (all of them by default).

    Three queries; none without a day.
    """
    if not days:
        return
    requests = (ServiceRequest.objects.all() if requests is None else requests).order_by()
    filed = _by_day(requests, "arrived_at", days).annotate(total=Count("*"))
    closed = (
        _by_day(requests.filter(state=State.CLOSE), "closed_at", days)
        .alias(answer_at=answer_moment(), seconds=treatment_seconds())
        .annotate(
            total=Count("*"),
            punctual=Count("pk", filter=Q(answer_at__lte=F("due_at"))),
            times=ArrayAgg(bucket_of(F("seconds"))),
        )
    )
    ended = _by_day(requests.filter(state=State.ANNULEE), "closed_at", days)
    ended = ended.annotate(total=Count("*"))
    for measure, rows in (
        (Measure.FILED, filed),
        (Measure.CLOSED, closed),
        (Measure.ENDED, ended),
    ):
        for row in rows.iterator():
            yield DailyFigure(
                day=row["on_day"],
                measure=measure,
                channel=row["channel"],
                prestation_id=row["prestation"],
                department_id=row["department"],
                team_id=row["team"],
                residence=row["residence"],
                site_id=row["site"],
                count=row["total"],
                on_time=row.get("punctual", 0),
                buckets=sorted(row.get("times", ())),
            )


def _by_day(queryset: QuerySet, field: str, days: Collection[date]) -> QuerySet:
    return (
        queryset.filter(in_days(field, days))
        .annotate(on_day=TruncDate(field, tzinfo=PARIS))
        .values("on_day", *KIND)
    )


def days_touched_since(event_id: int) -> set[date]:
    """The days whose figures an event after `event_id` may have changed. Two queries.

    Those are the days of arrival and of every closing, past ones too, of each request with such
    an event: requalified or transferred it changes kind, reopened it leaves its closing's day.
    """
    events = RequestEvent.objects.filter(pk__gt=event_id).order_by()
    touched = events.values("request").distinct()
    days = set()
    moments = ServiceRequest.objects.filter(pk__in=touched).order_by()
    for arrived_at, closed_at in moments.values_list(
        TruncDate("arrived_at", tzinfo=PARIS), TruncDate("closed_at", tzinfo=PARIS)
    ).distinct():
        days |= {arrived_at, closed_at}
    closings = RequestEvent.objects.filter(request__in=touched, to_state=State.CLOSE)
    closings = closings.exclude(from_state=State.CLOSE).order_by()
    days.update(closings.values_list(TruncDate("at", tzinfo=PARIS), flat=True).distinct())
    return days - {None}


def all_days() -> list[date]:
    """Every day from the first arrival to the last arrival or closing, without gaps."""
    bounds = ServiceRequest.objects.aggregate(
        first=Min("arrived_at"), last=Max("arrived_at"), closed=Max("closed_at")
    )
    if bounds["first"] is None:
        return []
    first = day_of(bounds["first"])
    last = day_of(max(filter(None, (bounds["last"], bounds["closed"]))))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
