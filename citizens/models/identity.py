"""Who a person is according to an identity provider, and who might be the same person."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from citizens.enums import DuplicateState
from citizens.models.account import CitizenAccount
from citizens.models.person import Citizen
from citizens.querysets import PossibleDuplicateQuerySet


class FederatedIdentity(models.Model):
    """An account's identity at a provider (FranceConnect). Only its pseudonym there is kept."""

    account = models.ForeignKey(CitizenAccount, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("identité fédérée")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_identity")
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.pk}"


class PossibleDuplicate(models.Model):
    """Two records that may be one person; an agent decides, nothing is merged by itself (S69)."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="alike")
    other = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="alike_to")
    reasons = models.JSONField(default=list, help_text="codes of `DuplicateReason`")
    state = models.CharField(
        max_length=10, choices=DuplicateState.choices, default=DuplicateState.OPEN
    )
    score = models.PositiveSmallIntegerField(default=0, help_text="points of `citizens.likeness`")
    found_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("doublon possible")
        verbose_name_plural = _("doublons possibles")
        constraints = [
            # whichever of the two was noted first
            models.UniqueConstraint(
                Least("citizen", "other"), Greatest("citizen", "other"), name="one_pair_of_two"
            )
        ]
        indexes = [
            # read by the agents' list: what waits, the surest first
            models.Index(
                fields=["-score", "-id"],
                name="duplicate_waiting",
                condition=models.Q(state=DuplicateState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} / {self.other_id}"
