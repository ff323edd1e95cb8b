"""Colleagues around one request: who has its page open."""

from django.conf import settings
from django.db import models

from requests.models.request import ServiceRequest
from requests.querysets import PresenceQuerySet


class Presence(models.Model):
    """Somebody has a request's page open; it says so itself every few seconds.

    Nothing that must last: the table is unlogged, and empty after a crash of the database.

    Attributes:
        writing: something is typed there that has not been sent.
        until: when it ends by itself, unless the page speaks again.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    writing = models.BooleanField(default=False)
    until = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="present_once_by_request")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.request_id}"
