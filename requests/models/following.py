"""Who follows a public report: by e-mail, or only counted."""

from django.db import models
from django.db.models import Q

from requests.models.request import ServiceRequest


class ReportFollower(models.Model):
    """One « moi aussi » on a report. With an e-mail address, told of its public state once the
    address is confirmed; without, a number and nothing else.

    Written by `requests.actions.following`; deleted with one click, and some time after the end.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="followers")
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="when the confirmation was last asked for")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "email"], name="one_follower_per_address", condition=~Q(email="")
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of request {self.request_id}"
