"""What a department owes the front office, by contract and as the town set it since (S77)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from prestations.models.catalogue import Prestation
from prestations.models.organisation import Department


class ServiceContract(models.Model):
    """A contract of reference.yaml (`service_contracts`): delays in working days."""

    code = models.SlugField(max_length=80, primary_key=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="contracts")
    prestations = ArrayField(models.CharField(max_length=80))
    take_days = models.PositiveSmallIntegerField()
    treat_days = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class ServiceLevel(models.Model):
    """The delays set for a prestation in a department, in working days.

    Append-only: this journal is the town's choice, the last row of a pair counts, and a load keeps
    it (`prestations.agreements`).
    """

    APPEND_ONLY = True

    prestation = models.ForeignKey(
        Prestation, on_delete=models.PROTECT, related_name="service_levels"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    take_days = models.PositiveSmallIntegerField(null=True)
    first_answer_days = models.PositiveSmallIntegerField(null=True)
    treat_days = models.PositiveSmallIntegerField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.prestation_id} {self.department_id} {self.at:%Y-%m-%d}"
