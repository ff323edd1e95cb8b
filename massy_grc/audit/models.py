"""Who looked at whose file, kept apart from the request's own events."""

import pgtrigger
from django.conf import settings
from django.db import models


class AccessRecord(models.Model):
    """One look at a person's data by an agent; append-only."""

    APPEND_ONLY = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            # read by the data-protection officer's review of one file
            models.Index(fields=["object_type", "object_id", "-at"], name="access_of_object"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
