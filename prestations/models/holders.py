"""Who may read the requests of a restricted prestation, by name."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from prestations.models.catalogue import Prestation
from prestations.querysets import RightHolderQuerySet


class RightHolder(models.Model):
    """An agent named for a restricted prestation, from a day to another.

    It gives no work by itself: whoever's role or department does not give them the request sees no
    more of it. Rows are never deleted; those that ended are the journal.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="named_for"
    )
    prestation = models.ForeignKey(
        Prestation, on_delete=models.CASCADE, related_name="right_holders"
    )
    since = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateField(null=True, blank=True, help_text="the last day; none: until withdrawn")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RightHolderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "prestation"],
                condition=Q(withdrawn_at=None),
                name="named_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("since")),
                name="withdrawn_after_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.prestation_id}"
