"""What waits for somebody today, for each role they hold."""

from datetime import datetime

from django.db.models import Q

from massy_grc.users.models import User
from prestations.privacy import RIGHTS_PRESTATION
from requests.enums import State
from requests.permissions import Right, scope_of
from requests.querysets import ServiceRequestQuerySet
from requests.standing_in import LENT, rights_today, work_of


def to_do(visible: ServiceRequestQuerySet, user: User, now: datetime) -> ServiceRequestQuerySet:
    """Narrow what `user` may see to what waits for them, each with its turn.

    Everyone: the requests that they, or whom they stand in for, are in charge of or follow, and
    the urgent and late ones of their department that nobody has taken. A head: all that the
    department holds.
    A supervisor: all that is late, as the tile beside counts it, and the answers that nobody has
    to send. Whoever signs: the refusals that wait for it. The privacy officer: the rights that
    are exercised.
    """
    scope = scope_of(user)
    people = work_of(user)
    waits = Q(assignee__in=people) | Q(front_agent__in=people)
    with_department = Q(department__in=scope.departments, department_since__isnull=False)
    pressing = Q(urgent=True) | Q(due_at__lt=now) | Q(department_due_at__lt=now)
    waits |= with_department & pressing & Q(assignee=None)
    if scope.may(Right.ASSIGN_IN_DEPARTMENT):
        waits |= with_department
    if scope.may(Right.SUPERVISE):
        waits |= Q(state=State.A_REPONDRE, front_agent=None)
        waits |= Q(due_at__lt=now, answered_at=None)
    if scope.may(Right.PROTECT_DATA):
        waits |= Q(prestation=RIGHTS_PRESTATION)
    if rights_today(user) & LENT:
        waits |= Q(pk__in=visible.to_sign().values("pk"))
    return visible.running().filter(waits).not_set_aside_by(user).by_turn_of(user)
