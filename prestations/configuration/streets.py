"""The street register: that it changed, from which file; its lines stay in its own tables.

A street that somebody of the town wrote is kept by itself too.
"""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, Max, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.kinds import Kind, State
from prestations.loading.rows import keep_row
from prestations.models import Address, Street
from prestations.streets.distances import Point
from prestations.streets.lookup import is_in_town
from prestations.streets.names import canonical

REGISTER = "register"
_WORDS = ("name", "postcode", "latitude", "longitude")


def _snapshot(key: str) -> State | None:
    streets = Street.objects.filter(is_active=True)
    found = streets.aggregate(
        source=Max("source"),
        streets=Count("pk"),
        words=_print("pk", "name", "postcode", "latitude", "longitude"),
    )
    if not found["streets"]:
        return None
    addresses = Address.objects.filter(is_active=True).aggregate(
        addresses=Count("pk"), places=_print("pk", "street_id", "latitude", "longitude")
    )
    return {
        "source": found["source"],
        "streets": found["streets"],
        "addresses": addresses["addresses"],
        "print": f"{found['words']}-{addresses['places']}",
    }


def _print(*names: str) -> MD5:
    """Tells one content from another, in any order of the rows."""
    parts = [Cast(name, CharField()) for name in names]
    return MD5(StringAgg(Concat(*parts, output_field=CharField()), Value(";"), order_by="pk"))


def _written() -> Any:
    return Street.objects.filter(is_active=True).exclude(taken_up_at=None)


def _state(row: Street) -> State:
    return {"key": row.pk, **{name: getattr(row, name) for name in _WORDS}}


def _street(key: str) -> State | None:
    row = Street.objects.filter(pk=key, is_active=True).first()
    return _state(row) if row else None


def _keep(key: str, state: State | None, *, actor) -> None:
    """Write one street, or close it; a load leaves it alone from then on."""
    now = timezone.now()
    if state is None:
        Street.objects.filter(pk=key).update(is_active=False, taken_up_at=now)
        return
    own = {name: state[name] for name in _WORDS}
    own |= {"folded": canonical(state["name"]), "is_active": True, "taken_up_at": now}
    keep_row(Street, key, own)


def _faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return []
    same = Street.objects.filter(folded=canonical(state["name"]), postcode=state["postcode"])
    faults = []
    if same.filter(is_active=True).exclude(pk=key).exists():
        faults.append(_("Cette rue est déjà au registre."))
    place = state["latitude"], state["longitude"]
    if None not in place and not is_in_town(Point(*place)) and _has_places():
        faults.append(_("Ce lieu n’est pas dans la ville : coordonnées inversées ?"))
    return faults


def _has_places() -> bool:
    return Street.objects.filter(is_active=True).exclude(latitude=None).exists()


KINDS = [
    Kind(
        code="streets",
        label=gettext_lazy("Répertoire des rues"),
        keys=lambda: [REGISTER] if Street.objects.filter(is_active=True).exists() else [],
        snapshot=_snapshot,
        name=lambda state: state["source"],
        fixed=gettext_lazy("Un registre revient par l’import de son fichier."),
    ),
    Kind(
        code="street",
        label=gettext_lazy("Rue"),
        keys=lambda: _written().values_list("pk", flat=True),
        snapshot=_street,
        listed=lambda: {row.pk: _state(row) for row in _written()},
        name=lambda state: state["name"],
        restore=_keep,
        faults=_faults,
        key_of=lambda state: state["key"],
    ),
]
