"""Who is told when a date comes near or is missed, and how each wants to be."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from prestations.enums import AlertMail, Rung
from prestations.models.organisation import Coded


class EscalationStep(Coded):
    """One step of the ladder (reference.yaml `alert_levels`); its code is a kind of alert."""

    share = models.FloatField(
        default=0, help_text="of the delay from arrival to due date, for lateness"
    )
    days = models.PositiveSmallIntegerField(
        default=0,
        help_text="before silence decides; working days without a case officer or a receipt",
    )
    told = ArrayField(models.CharField(max_length=12, choices=Rung.choices))
    at_once = models.BooleanField(help_text="a mail of its own; else the day's mail tells it")

    @property
    def percent(self) -> int:
        """The share in percent."""
        return round(self.share * 100)

    @property
    def told_words(self) -> str:
        """Who is told, in words."""
        return ", ".join(str(Rung(rung).label) for rung in self.told)


class AlertMailChoice(models.Model):
    """How a person wants to be told; without a row, once a day."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="alert_mail",
    )
    choice = models.CharField(max_length=8, choices=AlertMail.choices)

    def __str__(self) -> str:
        return f"{self.user}: {self.choice}"
