"""A file that an administrator sent to change settings: looked at first, then put in force."""

from django.conf import settings
from django.db import models

from backoffice.enums import ImportKind, ImportState


class SettingsImport(models.Model):
    """One file, its sender's alone; its content goes when it is put in force, or after a day.

    Workers look at it and put it in force. Written by `backoffice.actions.imports`.

    Attributes:
        language: its sender's, in which it is told what the file does.
        found: what it would do, as its page shows it (`backoffice.imported.report`).
        refused: the rows of a table that are refused, as a CSV; kept for a day.
        act: common to what it changed of the configuration (`ConfigurationChange.act`).
        done: how many rows or objects it changed; None until it is put in force.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    file_name = models.CharField(max_length=100)
    content = models.BinaryField()
    language = models.CharField(max_length=5)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.EXAMINING
    )
    found = models.JSONField(default=dict)
    refused = models.TextField(blank=True)
    act = models.UUIDField(null=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def is_running(self) -> bool:
        return self.state in (ImportState.EXAMINING, ImportState.IMPORTING)
