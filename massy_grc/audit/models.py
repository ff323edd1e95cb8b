"""Who looked at whose file, apart from the request's own events; the seals over all logs."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from massy_grc.audit.chain import Chain


class AccessRecord(models.Model):
    """One look at a person's data by an agent; append-only.

    `detail` says what an export took out, or why somebody looked: filters, codes and numbers, never
    a word about a person.
    """

    APPEND_ONLY = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(null=True)  # null where it says nothing: seals leave it out then

    class Meta:
        indexes = [
            # read by the data-protection officer's review of one file
            models.Index(fields=["object_type", "object_id", "-at"], name="access_of_object"),
            # the same review, newest first: of all, and of one agent
            models.Index(fields=["-at", "-id"], name="access_newest"),
            models.Index(fields=["user", "-at", "-id"], name="access_of_agent"),
            # its review of what was taken out as files: rare among the looks
            models.Index(
                fields=["-at", "-id"],
                name="access_taken_out",
                condition=Q(object_type__in=["list_export", "print_batch", "configuration"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class Seal(models.Model):
    """What stood in one log between two ids; append-only, chained (`massy_grc.audit.seals`).

    Attributes:
        log: the model's label.
        after, up_to: covers the ids above `after`, up to `up_to` itself.
        count: how many rows these are.
        content: SHA-256 of theirs, in hexadecimal.
    """

    APPEND_ONLY = True

    number = models.PositiveIntegerField(primary_key=True)
    log = models.CharField(max_length=80)
    after = models.PositiveBigIntegerField()
    up_to = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            Chain(name="chain", order="number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.log} up to {self.up_to}"
