"""The verbs of what departments owe: the delays of a prestation, and contracts (S28, S77)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from prestations.agreements import promise_of, terms_of
from prestations.enums import ContractSection
from prestations.exceptions import (
    BeyondPromise,
    ContractBeyondPromise,
    EmptySections,
    TakenTooLate,
)
from prestations.models import (
    ContractVersion,
    Department,
    Prestation,
    ServiceContract,
    ServiceLevel,
)


@transaction.atomic
def set_service_level(
    *,
    prestation: Prestation,
    department: Department,
    take_days: int | None,
    first_answer_days: int | None,
    treat_days: int | None,
    actor,
) -> ServiceLevel | None:
    """Set what a department owes for a prestation, in working days (S77); kept as a new row.

    Returns:
        The row, or None when nothing changes.

    Raises:
        BeyondPromise: a delay longer than what the citizen is promised.
        TakenTooLate: the delay to take it is longer than that of the return.
    """
    check_service_level(
        prestation=prestation,
        department=department,
        take_days=take_days,
        first_answer_days=first_answer_days,
        treat_days=treat_days,
    )
    wanted = {
        "take_days": take_days or None,
        "first_answer_days": first_answer_days or None,
        "treat_days": treat_days or None,
    }
    # two administrators at once: the second one's row is compared with the first one's
    Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    rows = ServiceLevel.objects.filter(prestation=prestation, department=department)
    last = rows.last()  # none yet is as good as one that leaves all to the contract
    if all(getattr(last, name, None) == value for name, value in wanted.items()):
        return None
    return ServiceLevel.objects.create(
        prestation=prestation, department=department, actor=actor, at=timezone.now(), **wanted
    )


def check_service_level(
    *,
    prestation: Prestation,
    department: Department,
    take_days: int | None,
    first_answer_days: int | None,
    treat_days: int | None,
) -> None:
    """Refuse delays that do not go with the promise or the contract.

    Raises:
        BeyondPromise, TakenTooLate: see `set_service_level`.
    """
    promised = promise_of(prestation)
    for days in (take_days, first_answer_days, treat_days):
        if days and days > promised:
            raise BeyondPromise(days=days, promised=promised)
    (terms,) = terms_of([(prestation, department)])
    taken = take_days or terms.contract.take_days or 0
    returned = treat_days or terms.contract.treat_days
    if taken > returned:
        raise TakenTooLate(days=taken, returned=returned)


@transaction.atomic
def write_contract(
    *,
    department: Department,
    prestations: Iterable[Prestation],
    information: str,
    take_days: int,
    treat_days: int,
    on_time_percent: int,
    resources: str,
    evaluation: str,
    actor,
    approved_by=None,
    now: dt.datetime | None = None,
) -> ContractVersion | None:
    """Write the contract with a department, in force from now on whatever is loaded later (S77).

    Args:
        take_days, treat_days: in working days.
        on_time_percent: how many returns in a hundred keep `treat_days`.
        actor: who wrote it, whose right the caller has checked.
        approved_by: the department's head.

    Returns:
        The version, or None when nothing changes.

    Raises:
        EmptySections, TakenTooLate, ContractBeyondPromise: see `contract_terms`.
    """
    wanted = contract_terms(
        prestations=prestations,
        information=information,
        take_days=take_days,
        treat_days=treat_days,
        on_time_percent=on_time_percent,
        resources=resources,
        evaluation=evaluation,
    )
    # two administrators at once: the second one's contract is compared with the first one's
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    if known and model_to_dict(known, wanted) == wanted:
        return None
    ServiceContract.objects.update_or_create(
        department=department, defaults={**wanted, "is_active": True}
    )
    return ContractVersion.objects.create(
        department=department,
        actor=actor,
        approved_by=approved_by,
        at=now or timezone.now(),
        **wanted,
    )


def contract_terms(
    *,
    prestations: Iterable[Prestation],
    information: str,
    take_days: int,
    treat_days: int,
    on_time_percent: int,
    resources: str,
    evaluation: str,
) -> dict[str, Any]:
    """Return the terms of a contract as its columns hold them.

    Raises:
        EmptySections: one of the five sections says nothing.
        TakenTooLate: the delay to take a request is longer than that of its return.
        ContractBeyondPromise: a delay is longer than what the citizen of one is promised.
    """
    prestations = sorted(prestations, key=lambda one: one.pk)
    wanted: dict[str, Any] = {
        "prestations": [one.pk for one in prestations],
        "information": information.strip(),
        "take_days": take_days,
        "treat_days": treat_days,
        "on_time_percent": on_time_percent,
        "resources": resources.strip(),
        "evaluation": evaluation.strip(),
    }
    promised = take_days and treat_days and on_time_percent
    said = {**wanted, "performance": promised}
    if empty := [section.label for section in ContractSection if not said[section]]:
        raise EmptySections(empty)
    if take_days > treat_days:
        raise TakenTooLate(days=take_days, returned=treat_days)
    promises = [(one.label, promise_of(one)) for one in prestations]
    if beyond := [(label, days) for label, days in promises if treat_days > days]:
        raise ContractBeyondPromise(beyond)
    return wanted
