"""What articles and letters share: texts that one person proposes and another lets through."""

from typing import Any

from django.conf import settings
from django.db import models

from prestations.enums import UNDER_WAY, VersionState


class Versioned(models.Model):
    """What has texts: the last one that was let through is in use."""

    versions: Any  # each kind has its own, a `TextVersion`

    class Meta:
        abstract = True

    def last_number(self) -> int:
        """Return the number of the last text; 0 for what no agent has written to."""
        return self.versions.aggregate(last=models.Max("number"))["last"] or 0

    def pending(self) -> Any:
        """Return the text not let through yet, with its author; None without. One at most."""
        return self.versions.filter(state__in=UNDER_WAY).select_related("author").first()


class TextVersion(models.Model):
    """One text of an article or a letter: each writing adds one, none is changed but in its state.

    Written by `requests.actions.versions`.

    Attributes:
        act: the import, or other act on the configuration, that brought it.
    """

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True, help_text="sent back: what is to change")
    act = models.UUIDField(null=True)

    class Meta:
        abstract = True
        ordering = ["-number"]
