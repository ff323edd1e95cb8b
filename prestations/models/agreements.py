"""What a department owes the front office, by contract and as the town set it since (S77)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_noop

from prestations.models.catalogue import Prestation
from prestations.models.organisation import Department


class ContractTerms(models.Model):
    """The five sections of a contract (`ContractSection`), none of them empty.

    Attributes:
        prestations: codes of those that the front office takes charge of.
        information: what it tells citizens about them, and what it leaves to the department.
        take_days, treat_days, on_time_percent: the performance expected of the department, in
            working days, and how many returns in a hundred keep it.
        resources: what the department lends the front office for it.
        evaluation: how both look at the quality.
    """

    prestations = ArrayField(models.CharField(max_length=80))
    information = models.TextField()
    take_days = models.PositiveSmallIntegerField()
    treat_days = models.PositiveSmallIntegerField()
    on_time_percent = models.PositiveSmallIntegerField()
    resources = models.TextField()
    evaluation = models.TextField()

    class Meta:
        abstract = True


class ServiceContract(ContractTerms):
    """The contract in force with a department: of reference.yaml, or of its last version."""

    department = models.OneToOneField(
        Department, on_delete=models.PROTECT, primary_key=True, related_name="contract"
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.department_id


class ContractProposal(ContractTerms):
    """A contract that the front office proposes; it comes in force when the department agrees (S3).

    One at most waits for a department; all are kept. Written by `backoffice.actions.contracts`.

    Attributes:
        approved: what the department's head answered; None while it waits.
        why: of a refusal, or one of `NOT_ANSWERED`.
        act: the import that made it, if one did (`ConfigurationChange.act`).
    """

    WITHDRAWN = gettext_noop("Retirée avant la réponse.")
    REPLACED = gettext_noop("Remplacée par une autre.")
    NOT_ANSWERED = (WITHDRAWN, REPLACED)

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="contract_proposals"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    why = models.CharField(max_length=500, blank=True)
    act = models.UUIDField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(approved=None),
                name="one_contract_proposal_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.at:%Y-%m-%d}"

    @property
    def is_taken_back(self) -> bool:
        """Whether the front office took it back before the department answered."""
        return self.why in self.NOT_ANSWERED


class ContractVersion(ContractTerms):
    """A contract as both sides agreed it. Append-only; a load keeps the last one in force."""

    APPEND_ONLY = True

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="contract_versions"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the department's head; empty for what was agreed before, or imported",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.at:%Y-%m-%d}"


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


class LevelAnswer(models.Model):
    """What a department's head said of delays stricter than their contract. Append-only.

    Written by `backoffice.actions.contracts.answer_level`.

    Attributes:
        why: of a refusal.
    """

    APPEND_ONLY = True

    level = models.OneToOneField(ServiceLevel, on_delete=models.PROTECT, related_name="answer")
    agreed = models.BooleanField()
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.level_id} {self.agreed}"
