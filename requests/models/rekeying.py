"""What agents type once more in a department's own program (S53)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from prestations.models import Software
from requests.models.request import ServiceRequest
from requests.related_querysets import RekeyingQuerySet

STAFF = settings.AUTH_USER_MODEL


class Rekeying(models.Model):
    """A request was typed again in a program; noted anew, the one before is taken back.

    Attributes:
        number: what the program calls it, where it says.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="rekeyings")
    software = models.ForeignKey(
        Software, on_delete=models.PROTECT, related_name="rekeyings", db_index=False
    )
    number = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        STAFF, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_back_at = models.DateTimeField(null=True)

    objects = RekeyingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # read by the count of double entry, and the list behind it
            models.UniqueConstraint(
                fields=["software", "request"],
                name="typed_once_in_a_program",
                condition=Q(taken_back_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.software_id} {self.number}".strip()
