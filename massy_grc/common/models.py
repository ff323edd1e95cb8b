"""The little that belongs to no app: how often somebody has tried something."""

from django.db import models


class AttemptCount(models.Model):
    """Tries of one kind by one source in one window of time; kept and swept by `throttle`."""

    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64, help_text="keyed hash: no address is kept in clear")
    window = models.DateTimeField(help_text="when the window ends")
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key", "window"], name="one_count_per_window")
        ]
        indexes = [
            # read by throttle.spend: the windows that are over, to sweep
            models.Index(fields=["window"], name="attempt_window"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} until {self.window}: {self.count}"
