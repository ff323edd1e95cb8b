"""One act on many requests at once: what was chosen, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backoffice.enums import RowOutcome, RowUndoing
from backoffice.querysets import BulkRunQuerySet
from requests.models import ServiceRequest


class BulkRun(models.Model):
    """An act that somebody chose for several requests; workers do it row by row.

    Written by `backoffice.actions.bulk`; theirs alone to read.

    Attributes:
        kind: of `backoffice.bulk.kinds.KINDS`.
        token: drawn with the page it was sent from, so that a second sending is the first one.
        data: what its form held; its free texts go with the last row.
        language: in which the rows tell what became of them.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_runs"
    )
    kind = models.CharField(max_length=20)
    token = models.UUIDField()
    data = models.JSONField(default=dict)
    language = models.CharField(max_length=5)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undo_asked_at = models.DateTimeField(null=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "token"], name="one_bulk_run_per_page")
        ]
        indexes = [
            # somebody's own, newest first
            models.Index(fields=["actor", "-id"], name="bulk_run_newest"),
            # read by the sweep
            models.Index(fields=["started_at"], name="bulk_run_started"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_id}"


class BulkRow(models.Model):
    """One request of a run.

    Attributes:
        version: of the request as it was shown before the act was sent.
        words: why it was refused, or what is to be known of what was done.
        left: the version that the act left; undone only while nothing has followed.
        back: what undoes it, in codes and dates; null where nothing does.
        undo_words: why it was not undone.
    """

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(
        max_length=10, choices=RowOutcome.choices, default=RowOutcome.WAITING
    )
    words = models.CharField(max_length=500, blank=True)
    left = models.PositiveIntegerField(null=True)
    back = models.JSONField(null=True)
    undoing = models.CharField(max_length=10, choices=RowUndoing.choices, blank=True)
    undo_words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "request"], name="once_in_a_bulk_run"),
            models.CheckConstraint(
                condition=Q(undoing="") | Q(outcome="done"), name="bulk_undone_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} in {self.run_id}: {self.outcome}"
