"""What the notification centre told an agent, and which of it they want by mail as well."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests.enums import NoticeKind
from requests.models.request import ServiceRequest
from requests.related_querysets import NoticeQuerySet


class Notice(models.Model):
    """One thing that an agent is told of, once: codes and ids, in words where it is shown.

    Attributes:
        key: of the event that it tells of; the same thing told twice is one notice.
        about: what the kind needs for its words: an `AlertKind`, a `Verb`, a number;
            ``assign:`` and the number of a colleague: to whom; what became of
            which text.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    key = models.CharField(max_length=60)
    request = models.ForeignKey(
        ServiceRequest, null=True, on_delete=models.CASCADE, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    about = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="noticed_once"),
        ]
        indexes = [
            # the notification centre
            models.Index(fields=["user", "-at", "-id"], name="notice_newest"),
            # the number in the head of each page, asked again every minute
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.user_id}"


class NoticeChoice(models.Model):
    """Whether somebody wants one kind of notices by mail too; without a row, the town's usage."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    mail = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="chosen_once_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
