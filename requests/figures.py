"""SQL vocabulary of the figures: which requests a figure counts, and how long they took.

The dashboard, its rollups and the lists behind its numbers all read these, so that a number and
its list cannot disagree. A day is a day in Paris, from midnight to midnight.

- *Filed* on a day: arrived that day (`arrived_at`, also when set back for post and phone notes).
- *Closed* on a day: closed that day and still closed now. A request reopened leaves the day of
  its former closing, and counts again on the day of the next.
- *Ended* without treatment: withdrawn or cancelled; counted apart, never in treatment times.
- *Answered on time*: the answer left, else the document was ready, else the request was closed,
  at the due date or before (which waiting for the requester has moved).
- *Treatment time*: from arrival to closing in elapsed time, nights and Sundays included, less the
  time spent waiting for the requester (pieces, answer, document to collect) and less the time
  between a closing and its reopening.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import (
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Least

from prestations.calendars import PARIS, midnight
from requests.enums import PAUSED_STATES, State
from requests.models import RequestEvent

NOT_OURS = (*PAUSED_STATES, State.A_RETIRER, State.CLOSE)  # time in these is not treatment
ONE_DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in Paris that `moment` falls on."""
    return moment.astimezone(PARIS).date()


def in_days(field: str, days: Iterable[date]) -> Q:
    """Rows whose moment `field` falls on one of `days`; neighbours make one range each."""
    found = Q(pk__in=[])
    for first, last in spans(days):
        found |= Q(**{f"{field}__gte": midnight(first), f"{field}__lt": midnight(last + ONE_DAY)})
    return found


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return `days` as (first, last) of each unbroken run, in order."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][1] == ONE_DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def on_time(queryset: QuerySet) -> QuerySet:
    """Those of closed requests whose answer met the due date."""
    return queryset.alias(answer_at=answer_moment()).filter(answer_at__lte=F("due_at"))


def too_late(queryset: QuerySet) -> QuerySet:
    """Those of closed requests whose answer missed the due date."""
    return queryset.alias(answer_at=answer_moment()).filter(answer_at__gt=F("due_at"))


def answer_moment() -> Coalesce:
    """When a closed request was answered: by a message, by a ready document, or by closing."""
    ready = RequestEvent.objects.standing().filter(request=OuterRef("pk"), to_state=State.A_RETIRER)
    ready = ready.exclude(from_state=State.A_RETIRER).order_by("-number")
    return Coalesce("answered_at", Subquery(ready.values("at")[:1]), "closed_at")


def treatment_seconds() -> Func:
    """How long a closed request took, in seconds; see *treatment time* above."""
    after = RequestEvent.objects.filter(
        request=OuterRef("request"), number=OuterRef("number") + 1
    ).values("at")
    waits = (
        RequestEvent.objects.filter(
            request=OuterRef("pk"), to_state__in=NOT_OURS, at__lt=OuterRef("closed_at")
        )
        .order_by()
        .annotate(until=Least(Subquery(after), OuterRef("closed_at")))
        .annotate(wait=ExpressionWrapper(F("until") - F("at"), output_field=DurationField()))
        .values("request")
        .annotate(total=Sum("wait"))
        .values("total")
    )
    elapsed = ExpressionWrapper(
        F("closed_at")
        - F("arrived_at")
        - Coalesce(Subquery(waits, output_field=DurationField()), Value(timedelta())),
        output_field=DurationField(),
    )
    return Func(
        elapsed, template="EXTRACT(EPOCH FROM %(expressions)s)::float8", output_field=FloatField()
    )
