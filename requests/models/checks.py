"""What is made sure of before the town says yes or hands something over, and what is let pass."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from prestations.enums import PaymentMethod
from requests.enums import CheckKind, IdentityProof, PieceReason
from requests.models.request import ServiceRequest

STAFF = settings.AUTH_USER_MODEL


class FileCheck(models.Model):
    """One thing an agent made sure of; the last one about the same thing counts.

    Attributes:
        code: of the document; empty for the identity and the fee.
        passed: False for a document that is refused, with its `reason`.
        seen: the last file under this code at that moment: a newer one is to be looked at.
        amount: of the fee, in euros; `receipt` is the number of what was given for it.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=10, choices=CheckKind.choices)
    code = models.CharField(max_length=80, blank=True)
    passed = models.BooleanField(default=True)
    reason = models.CharField(max_length=60, choices=PieceReason.choices, blank=True)
    seen = models.PositiveBigIntegerField(default=0)
    proof = models.CharField(max_length=12, choices=IdentityProof.choices, blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    method = models.CharField(max_length=15, choices=PaymentMethod.choices, blank=True)
    receipt = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind} {self.code}"


class HandOver(models.Model):
    """Who collected what was asked for, and their signature.

    Attributes:
        strokes: the signature as it was drawn: ``[[[x, y], …], …]`` within `SIGNATURE_SIZE`.
        initials: typed instead, where nothing could be drawn.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="hand_overs")
    collected_by = models.CharField(max_length=150)
    proof = models.CharField(max_length=12, choices=IdentityProof.choices)
    strokes = models.JSONField(default=list)
    initials = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d}"


class Override(models.Model):
    """Obstacles let pass by somebody with the right to, and why.

    PostgreSQL refuses to change or delete a row; only its reason may be emptied, by the erasure
    of personal data.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="overrides")
    lifted = ArrayField(models.CharField(max_length=90), help_text="keys of the obstacles")
    reason = models.TextField()
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_emptied",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.reason <> '' OR ROW(OLD.request_id, OLD.lifted, OLD.by_id, OLD.at)"
                    " IS DISTINCT FROM ROW(NEW.request_id, NEW.lifted, NEW.by_id, NEW.at)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d}"
