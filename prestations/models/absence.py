"""Who of the staff is away, from a day to another, and who stands in for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prestations.querysets import AbsenceQuerySet


class Absence(models.Model):
    """An absence noted by the person or by who manages them; never its reason.

    It ends by itself after its last day. `requests.standing_in` says what the delegate may do.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("remplaçant"),
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "id"]
        indexes = [
            # who is away today: read with each page of an agent and each routing
            models.Index(fields=["last_day", "first_day"], name="absence_by_day")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(delegate=None) | ~Q(delegate=F("person")), name="somebody_else_delegate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.first_day} - {self.last_day}"
