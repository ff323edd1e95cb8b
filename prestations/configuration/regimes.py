"""Confirmations of what silence does: dated acts, which nothing takes back."""

from django.utils.translation import gettext_lazy

from prestations.configuration.kinds import Kind, State
from prestations.models import Prestation, RegimeConfirmation


def _snapshot(key: str) -> State | None:
    row = RegimeConfirmation.objects.filter(prestation=key).order_by("pk").last()
    if row is None:
        return None
    return {
        "prestation": key,
        "silence_effect": row.silence_effect,
        "silence_delay": {"value": row.silence_value, "unit": row.silence_unit},
        "confirmed_by": row.confirmed_by,
        "confirmed_on": row.confirmed_on.isoformat(),
        "source": row.source,
    }


KINDS = [
    Kind(
        code="regimes",
        label=gettext_lazy("Régime du silence"),
        keys=lambda: (
            RegimeConfirmation.objects.order_by("prestation")
            .values_list("prestation", flat=True)
            .distinct()
        ),
        snapshot=_snapshot,
        name=lambda state: str(Prestation.objects.get(pk=state["prestation"]).label),
        fixed=gettext_lazy("Une confirmation est un acte daté : confirmez de nouveau le régime."),
    )
]
