"""Contracts and delays that a file or an earlier state brings: the page's rules hold for them.

A contract is proposed, not in force; a department hears of stricter delays.
"""

from dataclasses import replace
from functools import partial
from uuid import UUID

from backoffice.actions.contracts import propose_contract, tell_if_stricter, withdraw_contract
from massy_grc.common.folding import folded
from prestations.configuration import Kind, PutForward, State, kind_of
from prestations.configuration.agreements import contract_state
from prestations.exceptions import CatalogueError, ChangeRefused
from prestations.loading.reference import contracts_columns
from prestations.models import (
    ContractProposal,
    Department,
    Prestation,
    ServiceContract,
    ServiceLevel,
)


def with_second_person() -> list[Kind]:
    """Return the kinds of what the front office and a department agree on."""
    levels = kind_of("service_levels")

    def restore(key: str, state: State | None, *, actor) -> None:
        assert levels.restore is not None
        levels.restore(key, state, actor=actor)
        prestation, _colon, department = key.partition(":")
        rows = ServiceLevel.objects.filter(prestation=prestation, department=department)
        tell_if_stricter(rows.latest("pk"), by=actor)

    return [
        replace(kind_of("contracts"), propose=_propose, awaited=_awaited, put_forward=_put_forward),
        replace(levels, restore=restore),
    ]


def _awaited() -> list[State]:
    """Proposals to departments that have no contract yet."""
    agreed = ServiceContract.objects.filter(is_active=True).values("pk")
    rows = ContractProposal.objects.filter(approved=None, department__is_active=True)
    new = rows.exclude(department__in=agreed).order_by("department_id")
    return [contract_state(row) for row in new]


def _put_forward(act: UUID) -> list[PutForward]:
    """What an import proposed to departments, unless the front office took it back since."""
    rows = ContractProposal.objects.filter(act=act).select_related("department", "author")
    kind = kind_of("contracts").label
    return [
        PutForward(
            mark=f"contract:{row.pk}",
            name=row.department.label,
            kind=kind,
            actor=row.author,
            at=row.at,
            take_back=partial(withdraw_contract, proposal_id=row.pk)
            if row.approved is None
            else None,
        )
        for row in rows.order_by(folded("department__label"))
        if not row.is_taken_back
    ]


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
