"""Where a request goes and how fast: the catalogue's own rules, judged on the answers (S27)."""

from dataclasses import dataclass

from prestations.enums import Handling
from prestations.forms.conditions import holds
from prestations.forms.definition import Condition
from prestations.models import Prestation


@dataclass(frozen=True)
class Destination:
    """Where a request is sent and why.

    Attributes:
        department_code: None when the front office treats it alone.
        rule: index of the prestation's rule that decided; None when the default did.
    """

    department_code: str | None
    rule: int | None = None


def destination_of(prestation: Prestation, answers: dict) -> Destination:
    """Return who treats a request with these answers.

    Args:
        answers: ``{"demandeur": …, "reponses": …}``; rules speak of ``reponses``.
    """
    if prestation.handling == Handling.SIMPLE:
        return Destination(None)
    given = answers.get("reponses", {})
    for index, rule in enumerate(prestation.routing_rules):
        if _holds(rule["when"], given):
            return Destination(rule["expert_department"], index)
    return Destination(prestation.expert_department_id)


def is_urgent(prestation: Prestation, answers: dict) -> bool:
    """Whether these answers alone make a request urgent: any rule of `urgent_if` holds.

    Args:
        answers: ``{"demandeur": …, "reponses": …}``; rules speak of ``reponses``.
    """
    given = answers.get("reponses", {})
    return any(_holds(rule, given) for rule in prestation.urgent_if)


def _holds(rule: dict, given: dict) -> bool:
    return holds(Condition(rule["field"], rule["operator"], rule["value"]), given)
