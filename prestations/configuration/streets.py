"""The street register: that it changed, from which file; its lines stay in its own tables."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, Max, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils.translation import gettext_lazy

from prestations.configuration.kinds import Kind, State
from prestations.models import Address, Street

REGISTER = "register"


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


KINDS = [
    Kind(
        code="streets",
        label=gettext_lazy("Registre des rues"),
        keys=lambda: [REGISTER] if Street.objects.filter(is_active=True).exists() else [],
        snapshot=_snapshot,
        name=lambda state: state["source"],
        fixed=gettext_lazy("Un registre revient par l’import de son fichier."),
    )
]
