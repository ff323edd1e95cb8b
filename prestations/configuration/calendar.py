"""The closures to come, as reference.yaml writes them."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.words import date_words
from prestations.calendars import extent_faults
from prestations.configuration.kinds import Kind, State
from prestations.loading.closures import closure_columns
from prestations.loading.schema_reference import CLOSURE
from prestations.loading.shapes import mapping
from prestations.models import Closure, Prestation, Site

_OWN = {name: one for name, one in CLOSURE["properties"].items() if name != "origin"}
TOWN = "ville"


def closure_key(site: str | None, start: object, end: object) -> str:
    """Name a closure by where and when: the same on every installation."""
    return f"{site or TOWN}:{start}:{end}"


def _rows(key: str):
    site, start, end = key.split(":")
    return Closure.objects.filter(site=None if site == TOWN else site, start=start, end=end)


def _state(row: Closure) -> State:
    opens, closes = row.opens_at, row.closes_at
    return {
        "site": row.site_id,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        "opens": opens.strftime("%H:%M") if opens else None,
        "closes": closes.strftime("%H:%M") if closes else None,
        "closed": not opens and not closes,
        "label": row.label,
    }


def _snapshot(key: str) -> State | None:
    row = _rows(key).announced().first()
    return _state(row) if row else None


def _restore(key: str, state: State | None, *, actor) -> None:
    """Announce a closure, word it anew, or take it out; what delays count waits for a decision.

    So it is for those that a file brings: see `prestations.loading.closures`.
    """
    known = _rows(key).announced().first()
    if known is not None and state is not None and _state(known) == state:
        return
    if (
        known is not None
        and state is not None
        and _state(known) | {"label": ""} == state | {"label": ""}
    ):
        known.label = state["label"]
        known.save(update_fields=["label"])
        return
    has_requests = Prestation.objects.exists()
    if known is not None:
        known.removed_at = timezone.now()
        known.counted = known.counted and has_requests
        known.save(update_fields=["removed_at", "counted"])
    if state is not None:
        columns: dict[str, Any] = closure_columns(state)
        again = Closure.objects.filter(**columns).exclude(removed_at=None).last()
        if again is not None:
            again.removed_at = None
            again.save(update_fields=["removed_at"])
            return
        waits = state["closed"] and state["site"] is None and has_requests
        Closure.objects.create(**columns, counted=not waits, added_by=actor)


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    faults = []
    site = state["site"]
    if site is not None and not Site.objects.filter(pk=site, is_active=True).exists():
        faults.append(_("Le site « %(code)s » n’est plus ouvert.") % {"code": site})
    if state["end"] < state["start"]:
        faults.append(_("La fin vient avant le début."))
    if state["end"] < timezone.localdate().isoformat():
        faults.append(_("Ces jours sont passés."))
    start, end = (dt.date.fromisoformat(state[name]) for name in ("start", "end"))
    return [*faults, *extent_faults(start, end, timezone.localdate()).values()]


def _misread(state: State) -> list[str]:
    """Days that no calendar has."""
    try:
        for name in ("start", "end"):
            dt.date.fromisoformat(state[name])
    except ValueError:
        return [_("Le premier ou le dernier jour n’existe pas.")]
    return []


def _keys() -> list[str]:
    coming = Closure.objects.announced().filter(end__gte=timezone.localdate())
    rows = coming.order_by("start", "end", "site").values_list("site", "start", "end")
    return list(dict.fromkeys(closure_key(*row) for row in rows))


KINDS = [
    Kind(
        code="closures",
        label=gettext_lazy("Fermeture"),
        keys=_keys,
        snapshot=_snapshot,
        name=lambda state: (
            f"{state['label']} ({date_words(dt.date.fromisoformat(state['start']))})"
        ),
        restore=_restore,
        faults=_faults,
        schema=mapping(_OWN),
        misread=_misread,
        portable=lambda state: state if state["end"] >= str(timezone.localdate()) else None,
        key_of=lambda state: closure_key(state["site"], state["start"], state["end"]),
    )
]
