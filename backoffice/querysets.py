"""SQL vocabulary of the back office's own tables."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Case, Count, F, Func, Q, SmallIntegerField, Sum, When
from django.db.models.functions import TruncWeek

from backoffice.enums import ListExportState, RowOutcome, RowUndoing
from requests.permissions import scope_of


class SavedViewQuerySet(models.QuerySet):
    """Views of the queue that were kept under a name."""

    def offered_to(self, user):
        """One's own, and those of the groups one belongs to; one's own first."""
        scope = scope_of(user)
        shared = Q(team__in=scope.teams) | Q(department__in=scope.departments)
        shared |= Q(role__in=scope.roles)
        theirs = Case(When(owner=user, then=0), default=1)
        return self.filter(Q(owner=user) | shared).order_by(theirs, "name", "id")


class ListExportQuerySet(models.QuerySet):
    """Exports of lists."""

    def alive(self):
        """Being written, or with a file to fetch."""
        return self.filter(state__in=(ListExportState.ASKED, ListExportState.READY))

    def over(self):
        """Without a file, now and for ever."""
        return self.exclude(state__in=(ListExportState.ASKED, ListExportState.READY))

    def naming_people(self):
        """Those with the columns that name people."""
        return self.filter(personal=True)


class BulkRunQuerySet(models.QuerySet):
    """Acts on many requests at once."""

    def with_counts(self):
        """Each with how many requests it has, and what became of how many; the last one first.

        Django leaves the model's own order out where rows are counted.
        """
        done = Q(rows__outcome=RowOutcome.DONE)
        return self.annotate(
            total=Count("rows"),
            waiting=Count("rows", filter=Q(rows__outcome=RowOutcome.WAITING)),
            done=Count("rows", filter=done),
            refused=Count("rows", filter=Q(rows__outcome=RowOutcome.REFUSED)),
            skipped=Count("rows", filter=Q(rows__outcome=RowOutcome.SKIPPED)),
            undone=Count("rows", filter=done & Q(rows__undoing=RowUndoing.DONE)),
        ).order_by("-id")


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
