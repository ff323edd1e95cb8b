"""Who lives with whom, or answers for whom, as somebody declared it to an agent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from citizens.enums import HouseholdGround, HouseholdQuality
from citizens.models.person import Citizen
from citizens.querysets import HouseholdTieQuerySet


class HouseholdTie(models.Model):
    """Two people of one household, until an agent ends it. Written by `citizens.actions`.

    It gives neither of them a right, and neither sees it in their space. A tie of a record given
    up for another is read with the kept one (`HouseholdTieQuerySet.of`): undoing moves nothing.

    Attributes:
        quality: what `other` is to `citizen`; read the other way round it is the inverse.
        shares_home: whether both live at one address: a parent may live elsewhere.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="ties")
    other = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="ties_to")
    quality = models.CharField(_("qualité"), max_length=10, choices=HouseholdQuality.choices)
    shares_home = models.BooleanField(_("vit à la même adresse"), default=True)
    ground = models.CharField(_("vérifié par"), max_length=10, choices=HouseholdGround.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = HouseholdTieQuerySet.as_manager()

    class Meta:
        verbose_name = _("lien de foyer")
        ordering = ["made_at", "id"]
        constraints = [
            # whichever of the two was named first
            models.UniqueConstraint(
                Least("citizen", "other"),
                Greatest("citizen", "other"),
                name="one_standing_tie_of_two",
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(condition=~Q(citizen=F("other")), name="tie_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} / {self.other_id}: {self.quality}"

    def seen_from(self, citizen_id: int) -> tuple[Citizen, HouseholdQuality]:
        """Return the other of the two, and what they are to the person of record `citizen_id`.

        Of a record given up, the kept one.
        """
        one, other = (side.merged_into or side for side in (self.citizen, self.other))
        quality = HouseholdQuality(self.quality)
        return (other, quality) if one.pk == citizen_id else (one, quality.inverse)
