"""Whether a routing rule still makes sense: those it names are there, what it speaks of exists."""

from django.db.models import Q, QuerySet

from prestations.models import Category, Prestation, Street
from requests.enums import TO_REPLAY, RuleOff
from requests.models import RoutingRule
from requests.permissions import Right, scope_of
from requests.routing.conditions import Conditions
from requests.routing.written import is_misread


def rules_in_use() -> QuerySet[RoutingRule]:
    """Rules that are on, and those that only wait to be replayed."""
    waiting = Q(switched_off_why__in=["", *TO_REPLAY])
    return RoutingRule.objects.filter(Q(enabled=True) | waiting)


def fault_of_destination(rule: RoutingRule) -> RuleOff | None:
    """Return why nothing can be sent where a rule leads; None while it can."""
    if rule.department is not None and not rule.department.is_active:
        return RuleOff.DEPARTMENT_CLOSED
    if rule.team is not None and not rule.team.is_active:
        return RuleOff.TEAM_CLOSED
    if rule.person is None:
        return None
    if not rule.person.is_active:
        return RuleOff.PERSON_LEFT
    return None if works_there(rule) else RuleOff.PERSON_MOVED


def works_there(rule: RoutingRule) -> bool:
    """Whether the person of a rule can treat what reaches its department or team."""
    return works_at(rule.person, rule.department_id, rule.team_id)


def works_at(person, department_id: str | None, team_id: str | None) -> bool:
    """Whether somebody can treat what reaches a department, or else a team (None: any)."""
    scope = scope_of(person)
    if department_id is not None:
        return department_id in scope.departments
    return scope.may(Right.FRONT_OFFICE) and team_id in (None, *scope.teams)


def fault_of(rule: RoutingRule) -> RuleOff | None:
    """Return why a rule makes no sense any more, its conditions included; None while it does."""
    if is_misread(rule):
        return RuleOff.UNREADABLE
    conditions = Conditions.read(rule.conditions)
    if not _is_still_offered(conditions):
        return RuleOff.PRESTATION_GONE
    if conditions.streets and not conditions.area:
        known = Street.objects.filter(pk__in=conditions.streets, is_active=True)
        if not known.exists():
            return RuleOff.STREETS_GONE
    return fault_of_destination(rule)


def _is_still_offered(conditions: Conditions) -> bool:
    """Whether one of the prestations or categories is left; true for a rule that names none.

    A prestation that is being made is there: the rule may be ready before it.
    """
    left = Prestation.objects.offered() | Prestation.objects.being_made()
    prestations = left.filter(pk__in=conditions.prestations)
    categories = Category.objects.filter(pk__in=conditions.categories, is_active=True)
    asked = conditions.prestations or conditions.categories
    return not asked or prestations.exists() or categories.exists()
