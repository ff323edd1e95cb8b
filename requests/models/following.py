"""Who follows a public report: by e-mail, or only counted."""

from django.db import models
from django.db.models import Q

from citizens.models import CitizenAccount
from requests.models.request import ServiceRequest
from requests.related_querysets import ReportFollowerQuerySet


class ReportFollower(models.Model):
    """Somebody whom a report concerns too.

    With an account, or an e-mail address once it is confirmed, told of its public state; with
    neither, a number and nothing else.

    Written by `requests.actions.following`; deleted with one click, and some time after the end.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="followers")
    account = models.ForeignKey(
        CitizenAccount,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="followed_reports",
        help_text="of whoever followed signed in: the news go to its address of the day",
    )
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="when the confirmation was last asked for")
    confirmed_at = models.DateTimeField(null=True)

    objects = ReportFollowerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "account"], name="one_follower_per_account"),
            models.UniqueConstraint(
                fields=["request", "email"], name="one_follower_per_address", condition=~Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of request {self.request_id}"

    @property
    def address(self) -> str:
        """Where the news go; empty for a number and nothing else."""
        return (self.account.user.email or "") if self.account else self.email
