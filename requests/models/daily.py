"""What is done once a working day."""

from django.db import models

from requests.enums import DailyWork


class DailyRun(models.Model):
    """One day's work, done: it is not done again, and tomorrow's knows since when to tell."""

    work = models.CharField(max_length=10, choices=DailyWork.choices)
    day = models.DateField()
    at = models.DateTimeField()
    told = models.PositiveIntegerField(default=0, help_text="how many people were written to")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "day"], name="once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.day}"
