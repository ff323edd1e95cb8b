"""Contracts that a file or an earlier state of the configuration brings: proposed, not in force."""

from dataclasses import replace

from backoffice.actions.contracts import propose_contract
from prestations.configuration import Kind, State, kind_of
from prestations.exceptions import CatalogueError, ChangeRefused
from prestations.loading.reference import contracts_columns
from prestations.models import Department, Prestation


def with_second_person() -> list[Kind]:
    """Return the kind of what the front office and a department agree on."""
    return [replace(kind_of("contracts"), propose=_propose)]


def _propose(key: str, state: State | None, *, actor) -> bool:
    department = Department.objects.filter(pk=key, is_active=True).first()
    if department is None or state is None:
        return False  # its kind tells that
    terms = contracts_columns([state])[key]
    prestations = Prestation.objects.filter(pk__in=terms.pop("prestations"))
    try:
        made = propose_contract(
            department=department, actor=actor, prestations=prestations, **terms
        )
    except CatalogueError as refusal:
        raise ChangeRefused([f"{department.label}\u00a0: {refusal}"]) from refusal
    return made is not None
