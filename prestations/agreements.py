"""What a department owes for a prestation: the town's choice, its contract, or its own delay.

All in working days. What the citizen is promised stands above them: `promise_of`.
"""

from dataclasses import dataclass

from prestations.enums import DelayUnit
from prestations.models import Department, Prestation, ServiceContract, ServiceLevel

# how many working days are surely in a week and in a month (May has the fewest)
OF_A_WEEK, OF_A_MONTH = 5, 17


@dataclass(frozen=True)
class Agreement:
    """The delays in force for a pair; None where none is agreed.

    Attributes:
        take_days: until somebody in the department has taken it.
        first_answer_days: until the citizen has read a person's first words, from the arrival.
        treat_days: until the department gives its conclusion.
    """

    take_days: int | None
    first_answer_days: int | None
    treat_days: int


def agreement_of(prestation: Prestation, department: Department) -> Agreement:
    """Return what is in force for a prestation in a department; two queries at most."""
    chosen = ServiceLevel.objects.filter(prestation=prestation, department=department).last()
    contract = contract_of(prestation, department)
    if chosen is None:
        return contract
    return Agreement(
        take_days=chosen.take_days,
        first_answer_days=chosen.first_answer_days,
        treat_days=chosen.treat_days or contract.treat_days,
    )


def contract_of(prestation: Prestation, department: Department) -> Agreement:
    """Return what the contract says, else the department's own delay of reference.yaml."""
    contract = ServiceContract.objects.filter(
        department=department, is_active=True, prestations__contains=[prestation.pk]
    ).first()
    if contract is None:
        return Agreement(None, None, department.target_return_days)
    return Agreement(contract.take_days, None, contract.treat_days)


def promise_of(prestation: Prestation) -> int:
    """Return the citizen's delay in working days, the fewest that it surely holds."""
    value, unit = prestation.target_value, prestation.target_unit
    if unit == DelayUnit.WORKING_DAYS:
        return value
    if unit == DelayUnit.MONTHS:
        return value * OF_A_MONTH
    return value * OF_A_WEEK // 7
