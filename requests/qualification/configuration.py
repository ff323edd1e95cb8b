"""From which score the classifier routes alone, among what is recorded of the configuration."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration import Kind, State
from prestations.loading.shapes import BOOLEAN, CODE, POSITIVE, mapping, maybe
from prestations.models import Prestation
from requests.actions.qualification import follow_measure, set_threshold
from requests.models import AutomaticThreshold
from requests.qualification.thresholds import LEAST_PERCENT

MOST_PERCENT = 99


def _snapshot(key: str) -> State | None:
    row = AutomaticThreshold.objects.filter(prestation=key, prestation__is_active=True).first()
    return _state(row) if row else None


def _state(row: AutomaticThreshold) -> State:
    return {"prestation": row.prestation_id, "alone": bool(row.percent), "percent": row.percent}


def _chosen() -> dict[str, State]:
    rows = AutomaticThreshold.objects.filter(prestation__is_active=True).order_by("prestation")
    return {row.prestation_id: _state(row) for row in rows}


def _restore(key: str, state: State | None, *, actor) -> None:
    """Choose a threshold, or follow what each training measures."""
    prestation = Prestation.objects.get(pk=key)
    if state is None:
        follow_measure(prestation=prestation)
    else:
        set_threshold(prestation=prestation, percent=state["percent"], actor=actor)


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    if not Prestation.objects.filter(pk=key, is_active=True).exists():
        return [_("Cette prestation n’est plus proposée.")]
    percent = state["percent"]
    fits = percent is not None and LEAST_PERCENT <= percent <= MOST_PERCENT
    return [] if fits == state["alone"] else [_("Ce seuil n’est pas possible.")]


KINDS = [
    Kind(
        code="thresholds",
        label=gettext_lazy("Seuil du classement automatique"),
        keys=lambda: list(_chosen()),
        snapshot=_snapshot,
        listed=_chosen,
        name=lambda state: str(Prestation.objects.filter(pk=state["prestation"]).first() or ""),
        restore=_restore,
        faults=_faults,
        schema=mapping({"prestation": CODE, "alone": BOOLEAN, "percent": maybe(POSITIVE)}),
        key_of=lambda state: state["prestation"],
    )
]
