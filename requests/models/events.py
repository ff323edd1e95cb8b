"""What happens to a request: its append-only event log, its alerts; and the count of references."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from massy_grc.audit.chain import Chain
from requests.enums import Verb
from requests.models.request import ServiceRequest
from requests.querysets import RequestEventQuerySet


class RequestEvent(models.Model):
    """One act in a request's life. Append-only: PostgreSQL refuses UPDATE and DELETE.

    `data` holds codes, ids and dates, never free personal text, so that erasure can empty
    the texts without touching the log. `digest` chains the events of a request; PostgreSQL fills
    it (`massy_grc.audit.chain`).
    """

    APPEND_ONLY = True

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=20, choices=Verb.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_requester = models.BooleanField(default=False)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", editable=False)

    objects = RequestEventQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="one_event_per_number")
        ]
        indexes = [
            # read by the daily figures
            models.Index(fields=["at", "verb"], name="event_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            Chain(name="chain", within="request_id", order="number"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} #{self.number} {self.verb}"


class Alert(models.Model):
    """A deadline alert raised once for one event (its kind and the date it is about).

    Attributes:
        task: whose date it is, where it is not the request's own.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="alerts")
    task = models.ForeignKey(
        "requests.Task", null=True, on_delete=models.CASCADE, related_name="alerts"
    )
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=40)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind", "about"],
                name="one_alert_per_event",
                condition=Q(task=None),
            ),
            models.UniqueConstraint(
                fields=["task", "kind", "about"], name="one_alert_per_event_of_a_task"
            ),
        ]
        indexes = [
            # read by the queue: alerts still standing
            models.Index(fields=["request"], name="alert_standing", condition=Q(cleared_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class ReferenceCounter(models.Model):
    """The last number given in a year; locked while a reference is drawn."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
