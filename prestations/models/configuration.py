"""The journal of the configuration: who changed what, from what, to what."""

import pgtrigger
from django.conf import settings
from django.db import models


class ConfigurationChange(models.Model):
    """One change of one object. Append-only; written by `prestations.configuration.recorded`.

    Attributes:
        kind, key: what was changed (`prestations.configuration.kinds`).
        name: what people called it then.
        before, after: its state in the shape of the town's files; None: not in use.
        reverts: the change whose earlier state this one brought back.
        act: common to the changes of one act (an import, a load, a department that closes).
    """

    APPEND_ONLY = True

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=250)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    reverts = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    act = models.UUIDField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # what was changed together
            models.Index(
                fields=["act"], name="configuration_together", condition=models.Q(act__isnull=False)
            ),
            # the history of one object, and of one kind
            models.Index(fields=["kind", "key", "-id"], name="configuration_of_one"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.at:%Y-%m-%d}"
