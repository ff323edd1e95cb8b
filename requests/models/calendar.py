"""What a change of the calendar moved."""

import pgtrigger
from django.conf import settings
from django.db import models

from prestations.models import Closure


class Recalculation(models.Model):
    """The dates of open requests counted anew for one closure, added or removed. Append-only."""

    APPEND_ONLY = True

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="recalculations")
    adds = models.BooleanField(default=True, help_text="whether its days are left out since")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    examined = models.PositiveIntegerField(
        help_text="open requests with a date on its first day or after"
    )
    moved = models.PositiveIntegerField(help_text="those whose answer is due on another day")
    departments = models.PositiveIntegerField(help_text="those whose department's day moves")
    tasks = models.PositiveIntegerField(help_text="works of departments due on another day")
    told = models.PositiveIntegerField(help_text="those whose requester was told")

    class Meta:
        ordering = ["-at"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.closure} {self.at}"
