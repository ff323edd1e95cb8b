"""Requests shown beside each other; a merge is a column of the request itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests.enums import LinkKind
from requests.models.request import ServiceRequest


class RequestLink(models.Model):
    """Two requests that have to do with each other; each goes its own way.

    Attributes:
        request: the one from which the link was made; of a split, the one that came of it.
        created_by: None where a request came back on its day.
        undone_at: the link was a mistake.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="linked")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "other"], condition=Q(undone_at=None), name="linked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.other_id} {self.kind}"
