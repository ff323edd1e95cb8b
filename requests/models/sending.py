"""What an agent has just sent, for as long as it may be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests.models.request import ServiceRequest
from requests.related_querysets import SendingQuerySet


class Sending(models.Model):
    """An act by which something left, and what undoes it (`requests.actions.sending`).

    Nothing goes out before `until`: what follows from its events waits, the requester's pages
    show what stood before. Undone, its events stay in the log and count no more.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="sendings")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=30, help_text="the page it was written on")
    first = models.PositiveIntegerField(help_text="number of its first event")
    last = models.PositiveIntegerField(help_text="number of its last event")
    from_state = models.CharField(max_length=20, help_text="where the request stood before it")
    until = models.DateTimeField(help_text="it leaves then; undone before")
    before = models.JSONField(
        default=dict, help_text="{table: {row: columns as they were, or null for a new row}}"
    )
    typed = models.JSONField(
        default=dict, help_text="what its form held; once undone, the author's draft"
    )
    undone_by = models.PositiveIntegerField(
        null=True, help_text="number of the event that undid it; empty: it stands"
    )

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "first"], name="one_sending_per_act")
        ]
        indexes = [
            # few at a time: what may still be undone, and what the next sweep empties
            models.Index(fields=["until"], name="sending_kept", condition=~Q(before={})),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"
