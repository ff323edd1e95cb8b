"""What becomes of personal data: the town's register of processing, in plain words."""

import hashlib
import json

from django.contrib.postgres.fields import ArrayField
from django.db import models

from prestations.enums import Holds, LegalBasis
from prestations.models.organisation import Coded


class Processing(Coded):
    """One entry of the register (RGPD art. 30). Loaded from privacy.yaml; see its schema.

    A term is a number of months after the closing of a request (or the last log-in, the contact,
    the sending, as `holds` says). Empty: nothing is erased by a rule.
    """

    holds = models.CharField(max_length=12, choices=Holds.choices)
    purpose = models.TextField()
    basis = models.CharField(max_length=12, choices=LegalBasis.choices)
    basis_source = models.CharField(max_length=250)
    data = ArrayField(models.CharField(max_length=250), default=list)
    sensitive = models.TextField(blank=True)
    recipients = ArrayField(models.CharField(max_length=250), default=list)
    files_months = models.PositiveSmallIntegerField(null=True)
    files_why = models.TextField(blank=True)
    files_source = models.CharField(max_length=250, blank=True)
    kept_months = models.PositiveSmallIntegerField(null=True)
    kept_why = models.TextField(blank=True)
    kept_source = models.CharField(max_length=250, blank=True)
    kept_note = models.TextField(blank=True)
    confirmed = models.BooleanField(default=False)

    @property
    def digest(self) -> str:
        """Names the rule as it stands: an approval given to other terms does not cover it."""
        rule = [self.holds, self.files_months, self.kept_months]
        return hashlib.sha256(json.dumps(rule).encode()).hexdigest()
