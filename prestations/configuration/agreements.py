"""What departments owe: contracts, delays of one prestation, and who hears of lateness."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.agreeing import check_service_level
from prestations.configuration.catalogue_checks import gone
from prestations.configuration.coded import coded
from prestations.configuration.kinds import Kind, State
from prestations.enums import Rung
from prestations.exceptions import CatalogueError
from prestations.loading.reference import step_columns
from prestations.loading.schema_reference import CONTRACT, SHARE
from prestations.loading.shapes import BOOLEAN, CODE, POSITIVE, array, mapping, maybe, one_of
from prestations.models import (
    Department,
    EscalationStep,
    Prestation,
    ServiceContract,
    ServiceLevel,
)

DAYS = ("take_days", "first_answer_days", "treat_days")
_OWN = {name: one for name, one in CONTRACT["properties"].items() if name != "code"}


def contract_state(row: Any) -> State:
    """Return the terms of a contract, or of a proposal of one."""
    return {
        "department": row.department_id,
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


def _contracts() -> dict[str, State]:
    rows = ServiceContract.objects.filter(is_active=True).order_by("pk")
    return {row.pk: contract_state(row) for row in rows}


def _contract_faults(key: str, state: State | None) -> list[str]:
    if state is None:
        return [_("Un contrat prend fin avec son service.")]
    faults = []
    if not Department.objects.filter(pk=key, is_active=True).exists():
        faults.append(_("Ce service est fermé."))
    known = Prestation.objects.filter(pk__in=state["prestations"]).values_list("pk", flat=True)
    return faults + [gone("prestation", one) for one in set(state["prestations"]) - set(known)]


def _levels() -> dict[str, State]:
    """Those that say something; of each pair the last row counts."""
    rows = ServiceLevel.objects.order_by("pk")
    last = {(row.prestation_id, row.department_id): row for row in rows}
    found = {":".join(pair): _level_state(row) for pair, row in sorted(last.items())}
    return {key: state for key, state in found.items() if state is not None}


def _level(key: str) -> State | None:
    prestation, _colon, department = key.partition(":")
    row = ServiceLevel.objects.filter(prestation=prestation, department=department).last()
    return _level_state(row) if row is not None else None


def _level_state(row: ServiceLevel) -> State | None:
    own = {name: getattr(row, name) for name in DAYS}
    pair = {"prestation": row.prestation_id, "department": row.department_id}
    return {**pair, **own} if any(own.values()) else None


def _level_name(state: State) -> str:
    """Both by what people call them; one that is not here by its code."""
    pairs = ((Prestation, state["prestation"]), (Department, state["department"]))
    return " · ".join(str(model.objects.filter(pk=code).first() or code) for model, code in pairs)


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
    if state is None:
        return []
    prestation = Prestation.objects.filter(pk=state["prestation"], is_active=True).first()
    department = Department.objects.filter(pk=state["department"], is_active=True).first()
    faults = []
    if prestation is None:
        faults.append(_("Cette prestation n’est plus proposée."))
    if department is None:
        faults.append(_("Ce service est fermé."))
    if prestation is not None and department is not None:
        try:
            days = {name: state[name] for name in DAYS}
            check_service_level(prestation=prestation, department=department, **days)
        except CatalogueError as refusal:
            faults.append(str(refusal))
    return faults


KINDS = [
    Kind(
        code="contracts",
        label=gettext_lazy("Contrat de service"),
        keys=lambda: list(_contracts()),
        snapshot=lambda key: _contracts().get(key),
        listed=_contracts,
        name=lambda state: str(Department.objects.filter(pk=state["department"]).first() or ""),
        faults=_contract_faults,
        stays=True,  # it ends with its department; the back office proposes another
        schema=mapping(_OWN),
        key_of=lambda state: state["department"],
    ),
    Kind(
        code="service_levels",
        label=gettext_lazy("Délais convenus"),
        keys=lambda: list(_levels()),
        snapshot=_level,
        listed=_levels,
        name=_level_name,
        restore=_keep_level,
        faults=_level_faults,
        schema=mapping(
            {"prestation": CODE, "department": CODE, **dict.fromkeys(DAYS, maybe(POSITIVE))}
        ),
        key_of=lambda state: f"{state['prestation']}:{state['department']}",
    ),
    coded(
        EscalationStep,
        "alert_levels",
        gettext_lazy("Palier d’alerte"),
        item=lambda row: {
            "share": row.share or None,
            "days": row.days or None,
            "told": row.told,
            "at_once": row.at_once,
        },
        columns=step_columns,
        schema={
            "share": maybe(SHARE),
            "days": maybe(POSITIVE),
            "told": array(one_of(Rung.values), least=1, unique=True),
            "at_once": BOOLEAN,
        },
        stays=True,  # the program knows each; without it nobody would be told
    ),
]
