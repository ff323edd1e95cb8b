"""SQL vocabulary of the back office's own tables."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Count, F, Func, SmallIntegerField, Sum
from django.db.models.functions import TruncWeek

from requests.permissions import scope_of


class DailyFigureQuerySet(models.QuerySet):
    """Daily figures of a period, and their sums."""

    def countable_by(self, user):
        """Those the figures shown to `user` count, as `ServiceRequestQuerySet.countable_by`."""
        scope = scope_of(user)
        if scope.counts_everything or scope.everything:
            return self
        return self.filter(department__in=scope.departments)

    def in_period(self, first: date, last: date, *, without: Iterable[date] = ()):
        """Those from `first` to `last`, both included, but for the days of `without`."""
        found = self.filter(day__gte=first, day__lte=last)
        left_out = [day for day in without if first <= day <= last]
        return found.exclude(day__in=left_out) if left_out else found

    def sums(self, *kinds: str):
        """Counts added up by measure and `kinds` (columns)."""
        return (
            self.order_by()
            .values("measure", *kinds)
            .annotate(total=Sum("count"), total_on_time=Sum("on_time"))
        )

    def weekly(self):
        """Counts added up by measure and week (its Monday)."""
        return self.annotate(week=TruncWeek("day")).sums("week")

    def histograms(self, *kinds: str):
        """How many closed requests fell in each bucket, by `kinds` (columns)."""
        bucket = Func(
            F("buckets"),
            function="unnest",
            output_field=SmallIntegerField(),
        )
        bucket.set_returning = True
        return (
            self.filter(measure="closed")
            .order_by()
            .annotate(bucket=bucket)
            .values(*kinds, "bucket")
            .annotate(total=Count("*"))
        )
