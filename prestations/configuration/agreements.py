"""What departments owe: their contracts, and the delays of one prestation."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.catalogue_checks import gone
from prestations.configuration.kinds import Kind, State
from prestations.loading.schema_reference import CONTRACT
from prestations.loading.shapes import CODE, POSITIVE, mapping, maybe
from prestations.models import (
    Department,
    Prestation,
    ServiceContract,
    ServiceLevel,
)

DAYS = ("take_days", "first_answer_days", "treat_days")
_OWN = {name: one for name, one in CONTRACT["properties"].items() if name != "code"}


def _contract(key: str) -> State | None:
    row = ServiceContract.objects.filter(pk=key, is_active=True).first()
    if row is None:
        return None
    return {
        "department": row.pk,
        "prestations": row.prestations,
        "information_level": row.information,
        "performance": {
            "acknowledge_expert_working_days": row.take_days,
            "return_working_days": row.treat_days,
            "on_time_rate": row.on_time_percent / 100,
        },
        "resources": row.resources,
        "evaluation": row.evaluation,
    }


def _contract_faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return [_("Un contrat prend fin avec son service.")]
    faults = []
    if not Department.objects.filter(pk=key, is_active=True).exists():
        faults.append(_("Ce service est fermé."))
    known = Prestation.objects.filter(pk__in=state["prestations"]).values_list("pk", flat=True)
    return faults + [gone("prestation", one) for one in set(state["prestations"]) - set(known)]


def _level(key: str) -> State | None:
    prestation, _colon, department = key.partition(":")
    row = ServiceLevel.objects.filter(prestation=prestation, department=department).last()
    if row is None or not any(getattr(row, name) for name in DAYS):
        return None
    own = {name: getattr(row, name) for name in DAYS}
    return {"prestation": prestation, "department": department, **own}


def _keep_level(key: str, state: State | None, *, actor) -> None:
    prestation, _colon, department = key.partition(":")
    days = {name: state[name] if state else None for name in DAYS}
    ServiceLevel.objects.create(
        prestation_id=prestation,
        department_id=department,
        actor=actor,
        at=timezone.now(),
        **days,
    )


def _level_faults(key: str, state: State | None) -> list[str]:
    prestation, _colon, department = key.partition(":")
    faults = []
    if not Prestation.objects.filter(pk=prestation, is_active=True).exists():
        faults.append(_("Cette prestation n’est plus proposée."))
    if not Department.objects.filter(pk=department, is_active=True).exists():
        faults.append(_("Ce service est fermé."))
    return faults if state else []


def _levels() -> list[str]:
    pairs = ServiceLevel.objects.values_list("prestation", "department").distinct().order_by()
    return sorted(key for one in pairs if _level(key := ":".join(one)))


KINDS = [
    Kind(
        code="contracts",
        label=gettext_lazy("Contrat de service"),
        keys=lambda: (
            ServiceContract.objects.filter(is_active=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
        snapshot=_contract,
        name=lambda state: str(Department.objects.filter(pk=state["department"]).first() or ""),
        faults=_contract_faults,
        stays=True,  # it ends with its department; the back office proposes another
        schema=mapping(_OWN),
        key_of=lambda state: state["department"],
    ),
    Kind(
        code="service_levels",
        label=gettext_lazy("Délais convenus"),
        keys=_levels,
        snapshot=_level,
        name=lambda state: f"{state['prestation']} · {state['department']}",
        restore=_keep_level,
        faults=_level_faults,
        schema=mapping(
            {"prestation": CODE, "department": CODE, **dict.fromkeys(DAYS, maybe(POSITIVE))}
        ),
        key_of=lambda state: f"{state['prestation']}:{state['department']}",
    ),
]
