"""The catalogue's own rules, judged on the answers; they decide where no rule of the town does."""

from dataclasses import dataclass

from prestations.enums import Handling
from prestations.forms.conditions import holds
from prestations.forms.definition import Condition
from prestations.models import Prestation


@dataclass(frozen=True)
class CatalogueDestination:
    """Where the catalogue sends a request and why.

    Attributes:
        department_code: None when the front office treats it alone.
        rule: index of the prestation's rule that decided; None when the default did.
    """

    department_code: str | None
    rule: int | None = None


def catalogue_destination(prestation: Prestation, answers: dict) -> CatalogueDestination:
    """Return who treats a request with these answers.

    Args:
        answers: ``{"demandeur": …, "reponses": …}``; rules speak of ``reponses``.
    """
    if prestation.handling == Handling.SIMPLE:
        return CatalogueDestination(None)
    given = answers.get("reponses", {})
    for index, rule in enumerate(prestation.routing_rules):
        if _holds(rule["when"], given):
            return CatalogueDestination(rule["expert_department"], index)
    return CatalogueDestination(prestation.expert_department_id)


def is_urgent(prestation: Prestation, answers: dict) -> bool:
    """Whether these answers alone make a request urgent: any rule of `urgent_if` holds.

    Args:
        answers: ``{"demandeur": …, "reponses": …}``; rules speak of ``reponses``.
    """
    given = answers.get("reponses", {})
    return any(_holds(rule, given) for rule in prestation.urgent_if)


def _holds(rule: dict, given: dict) -> bool:
    return holds(Condition(rule["field"], rule["operator"], rule["value"]), given)
