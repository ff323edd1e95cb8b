"""What a department owes for a prestation: the town's choice, its contract, or its own delay.

All in working days. What the citizen is promised stands above them: `promise_of`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prestations.enums import DelayUnit
from prestations.models import (
    Department,
    LevelAnswer,
    Prestation,
    ServiceContract,
    ServiceLevel,
)

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


@dataclass(frozen=True)
class Terms:
    """What stands for a pair.

    Attributes:
        contract: what the contract says, else the department's own delay of reference.yaml.
        chosen: what the town set last on the page, which comes first where it says something.
    """

    contract: Agreement
    chosen: ServiceLevel | None

    @property
    def agreed(self) -> Agreement:
        """What is in force."""
        if self.chosen is None:
            return self.contract
        return Agreement(
            take_days=self.chosen.take_days or self.contract.take_days,
            first_answer_days=self.chosen.first_answer_days,
            treat_days=self.chosen.treat_days or self.contract.treat_days,
        )

    @property
    def is_stricter(self) -> bool:
        """Whether the town asks more of the department than what it agreed to."""
        if self.chosen is None:
            return False
        pairs = (
            (self.chosen.take_days, self.contract.take_days),
            (self.chosen.treat_days, self.contract.treat_days),
        )
        return any(asked and (agreed is None or asked < agreed) for asked, agreed in pairs)

    @property
    def answer(self) -> LevelAnswer | None:
        """What the department's head said of what the town set last; None while they did not."""
        return getattr(self.chosen, "answer", None)


def agreement_of(prestation: Prestation, department: Department) -> Agreement:
    """Return what is in force for a prestation in a department; two queries."""
    (terms,) = terms_of([(prestation, department)])
    return terms.agreed


def terms_of(pairs: Sequence[tuple[Prestation, Department]]) -> list[Terms]:
    """Return the terms of each pair, in the order given; two queries, however many they are."""
    departments = {department.pk for _prestation, department in pairs}
    levels = ServiceLevel.objects.filter(
        prestation__in={prestation.pk for prestation, _department in pairs},
        department__in=departments,
    ).order_by("pk")
    levels = levels.select_related("answer__by", "actor")
    chosen = {(one.prestation_id, one.department_id): one for one in levels}  # the last counts
    contracts: dict[tuple[str, str], Agreement] = {}
    for contract in ServiceContract.objects.filter(is_active=True, department__in=departments):
        days = Agreement(contract.take_days, None, contract.treat_days)
        for code in contract.prestations:
            contracts[code, contract.department_id] = days
    found = []
    for prestation, department in pairs:
        pair = (prestation.pk, department.pk)
        own = Agreement(None, None, department.target_return_days)
        found.append(Terms(contract=contracts.get(pair, own), chosen=chosen.get(pair)))
    return found


def promise_of(prestation: Prestation) -> int:
    """Return the citizen's delay in working days, the fewest that it surely holds."""
    value, unit = prestation.target_value, prestation.target_unit
    if unit == DelayUnit.WORKING_DAYS:
        return value
    if unit == DelayUnit.MONTHS:
        return value * OF_A_MONTH
    return value * OF_A_WEEK // 7
