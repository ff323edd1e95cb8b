"""What the town writes in its catalogue: the next version of a form, and English words."""

import pgtrigger
from django.conf import settings
from django.db import models

from prestations.models.catalogue import FormVersion, Prestation


class FormDraft(models.Model):
    """The next version of a form, while somebody writes it; one of each prestation.

    `revision` grows at each change, and from one draft to the next (it begins with the millisecond
    of its making): who saves what they read before another's change is refused.
    `english` holds the translations of its texts, in force once it is published; so do `rules`,
    those of the prestation that its answers decide. Written by `prestations.editing.actions`.
    """

    prestation = models.OneToOneField(
        Prestation, on_delete=models.CASCADE, related_name="form_draft"
    )
    base = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="+")
    definition = models.JSONField()
    english = models.JSONField(default=dict, help_text="{French text: its English}")
    rules = models.JSONField(default=dict, help_text="columns of `RULES`; empty: none waits")
    revision = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.prestation_id}, revision {self.revision}"


class FormPublication(models.Model):
    """Who of the staff put a form in force, and what they say of it; none of a loaded one."""

    version = models.OneToOneField(
        FormVersion, primary_key=True, on_delete=models.CASCADE, related_name="publication"
    )
    note = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.version)


class TownTranslation(models.Model):
    """The English that the town gives to a French text of its catalogue.

    Append-only: the last row of a text counts, before the overlay of the data file
    (`prestations.translation`).
    """

    APPEND_ONLY = True

    french = models.TextField()
    english = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.french} = {self.english}"
