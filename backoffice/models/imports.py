"""A file that an administrator sent to change settings: looked at first, then put in force."""

from django.conf import settings
from django.db import models

from backoffice.enums import ImportKind


class SettingsImport(models.Model):
    """One file, its sender's alone; its content goes when it is put in force, or after a day.

    Of a table that is put in force the refused rows stay in its place, for a day.

    Written by `backoffice.actions.imports`.

    Attributes:
        done: how many rows or objects it changed; None until it is put in force.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    file_name = models.CharField(max_length=100)
    content = models.BinaryField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
