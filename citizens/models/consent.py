"""What people agreed to, and when they changed their minds."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from citizens.enums import ConsentKind, ConsentSource
from citizens.models.person import Citizen
from citizens.querysets import ConsentEventQuerySet


class ConsentEvent(models.Model):
    """A consent given or withdrawn; append-only, the last one counts (RGPD art. 7.1).

    Holds no text and no address: `citizen`, or the keyed digest of an address without a record.
    """

    APPEND_ONLY = True

    citizen = models.ForeignKey(
        Citizen, null=True, on_delete=models.PROTECT, related_name="consent_events"
    )
    address_key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    version = models.PositiveSmallIntegerField()
    given = models.BooleanField()
    source = models.CharField(max_length=10, choices=ConsentSource.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            # read by `standing`: the last word of a person on one thing
            models.Index(fields=["citizen", "kind", "-id"], name="consent_of_citizen"),
            models.Index(
                fields=["address_key", "kind", "-id"],
                name="consent_of_address",
                condition=~Q(address_key=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}: {self.given}"
