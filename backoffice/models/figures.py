"""Daily figures: what happened on each day, kept so that a year is read quickly."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.enums import Measure
from backoffice.querysets import DailyFigureQuerySet
from citizens.enums import ResidenceKind
from prestations.enums import Channel
from prestations.models import Department, Prestation, Site, Team


class DailyFigure(models.Model):
    """How many requests of one kind were filed, closed or ended on one day.

    Written only by `backoffice.actions.figures`, whole days at a time, from the requests that
    the event log names. The kind of a request is what it is now: one requalified or transferred
    moves with all its days.
    """

    day = models.DateField(_("jour"), help_text="in Paris")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    prestation = models.ForeignKey(Prestation, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    residence = models.CharField(max_length=12, choices=ResidenceKind.choices)
    site = models.ForeignKey(
        Site,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="where an agent received it",
    )
    count = models.PositiveIntegerField()
    on_time = models.PositiveIntegerField(default=0, help_text="of the closed ones")
    buckets = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        help_text="treatment time of each closed one: its bucket (backoffice.histograms), in order",
    )

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            # also the index that a period is read by
            models.UniqueConstraint(
                fields=[
                    *("day", "measure", "channel", "prestation", "department", "team"),
                    *("residence", "site"),
                ],
                nulls_distinct=False,
                name="one_figure_per_day_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure} {self.prestation_id}: {self.count}"


class FigureCutoff(models.Model):
    """Up to which event the daily figures are true: one row.

    Days touched by a later event are computed afresh when they are read.
    """

    event_id = models.BigIntegerField(default=0)
    rolled_up_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"événement {self.event_id}"
