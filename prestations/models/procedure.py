"""What an agent checks, asks and opens while treating a prestation (S50)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from prestations.enums import StepKind
from prestations.models.catalogue import Prestation


class Procedure(models.Model):
    """The procedure of one prestation, shown beside its requests.

    Written by `requests.actions.procedures`, and by the loader until somebody of the town does.
    """

    prestation = models.OneToOneField(
        Prestation, primary_key=True, on_delete=models.CASCADE, related_name="procedure"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="procedures",
    )
    review_on = models.DateField(null=True, blank=True, help_text="to be read again by then")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_up_at = models.DateTimeField(
        null=True, blank=True, help_text="by somebody of the town: a load leaves it alone since"
    )

    class Meta:
        indexes = [
            models.Index(fields=["review_on"], name="procedure_to_review"),  # read daily
        ]

    def __str__(self) -> str:
        return str(self.prestation)


class ProcedureStep(models.Model):
    """One step; one that was taken out stays for the requests where it was ticked."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    text = models.CharField(max_length=300)
    condition = models.CharField(max_length=300, blank=True, help_text="when it is to be done")
    url = models.URLField(max_length=400, blank=True)
    order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "kind", "text"],
                condition=Q(is_active=True),
                name="one_step_of_its_words",
            )
        ]

    def __str__(self) -> str:
        return self.text
