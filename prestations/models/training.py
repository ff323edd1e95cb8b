"""Who is trained for what."""

from django.conf import settings
from django.db import models

from prestations.models.catalogue import Prestation


class Training(models.Model):
    """An agent who can treat a prestation alone (skill level 2 of reference.yaml and above).

    Read where a routing rule gives a request to a person.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trainings"
    )
    prestation = models.ForeignKey(Prestation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "prestation"], name="trained_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.prestation_id}"
