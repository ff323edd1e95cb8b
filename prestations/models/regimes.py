"""Who confirmed what the law makes of the town's silence, where the catalogue is not sure (L4)."""

import pgtrigger
from django.conf import settings
from django.db import models

from prestations.enums import SilenceEffect
from prestations.models.catalogue import Prestation


class RegimeConfirmation(models.Model):
    """Somebody confirmed the regime of silence of a prestation, as it stood. Append-only.

    It holds for as long as the catalogue says the same effect and delay, whatever else is loaded.

    Attributes:
        silence_value, silence_unit: the delay after which silence decides; 0 and "" without one.
        confirmed_by: who of the town answers for it, with their quality.
        source: the text, the opinion or the decision that it rests on.
        actor: who noted it here.
    """

    APPEND_ONLY = True

    prestation = models.ForeignKey(
        Prestation, on_delete=models.PROTECT, related_name="regime_confirmations"
    )
    silence_effect = models.CharField(max_length=12, choices=SilenceEffect.choices)
    silence_value = models.PositiveSmallIntegerField()
    silence_unit = models.CharField(max_length=15)
    confirmed_by = models.CharField(max_length=120)
    confirmed_on = models.DateField()
    source = models.CharField(max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.prestation_id} {self.confirmed_on}"
