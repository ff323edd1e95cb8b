"""The programs that departments keep of their own (S53)."""

from django.db import models

from prestations.models.organisation import Coded
from prestations.querysets import SoftwareQuerySet


class Software(Coded):
    """A department's own program; prestations name it by its code (`legacy_software`).

    Attributes:
        subject: what it serves for.
        double_entry: no connector joins it: what came here is typed there once more.
    """

    subject = models.CharField(max_length=250, blank=True)
    double_entry = models.BooleanField(default=True)

    objects = SoftwareQuerySet.as_manager()

    class Meta(Coded.Meta):
        verbose_name_plural = "software"
