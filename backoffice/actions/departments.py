"""A department is closed with all it holds, in one act that is kept, and opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.accesses import record_access
from backoffice.actions.roles import move_role
from prestations.configuration import recorded, recorded_all
from prestations.models import (
    Department,
    Membership,
    Prestation,
    ServiceContract,
    ServiceLevel,
    Signatory,
)
from requests import actions
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import RoutingRule, ServiceRequest, Task
from requests.permissions import Right, scope_of

AT_ONCE = 200  # requests moved by the act itself; the clock moves the others within minutes


@dataclass(frozen=True)
class Held:
    """What a department holds today, counted."""

    requests: int
    tasks: int
    prestations: int
    contracts: int
    rules: int
    agents: int


def held_by(department: Department) -> Held:
    """Count what has to go somewhere when the department closes."""
    leading = ServiceRequest.objects.leading().filter(
        department=department, department_since__isnull=False, closed_at=None
    )
    return Held(
        requests=leading.count(),
        tasks=Task.objects.filter(department=department, ended_at=None).count(),
        prestations=len(_leading_to(department)),
        contracts=ServiceContract.objects.filter(department=department, is_active=True).count(),
        rules=RoutingRule.objects.filter(department=department, enabled=True).count(),
        agents=Membership.objects.filter(department=department, user__is_active=True).count(),
    )


def _leading_to(department: Department) -> list[Prestation]:
    """The prestations whose catalogue line or rules lead to the department."""
    code = department.pk
    return [
        one
        for one in Prestation.objects.filter(is_active=True)
        if one.expert_department_id == code
        or any(rule["expert_department"] == code for rule in one.routing_rules)
    ]


@transaction.atomic
def close_department(
    *,
    actor,
    code: str,
    reason: str,
    successor: Department | None = None,
    now: datetime | None = None,
) -> Held:
    """Close a department and hand on what it holds.

    With a successor: requests, tasks, prestations, signatures and agents go there. Without:
    requests fall back to the front office's manager, tasks to who asked them, and the agents'
    roles there end. Either way its contract ends, and rules that name it switch themselves off and
    say so.

    Returns:
        What it held.

    Raises:
        NotAllowed: no administrator acts.
        MissingInput: no reason, or a successor that could not take it on.
        IllegalTransition: it is closed already.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    if not reason.strip():
        raise MissingInput(_("Dites pourquoi le service ferme : l’historique le garde."))
    now = now or timezone.now()
    with recorded_all(actor=actor, reason=reason):
        department = Department.objects.select_for_update().get(pk=code)
        if not department.is_active:
            raise IllegalTransition(_("Ce service est déjà fermé."))
        if successor is not None and (successor.pk == code or not successor.is_active):
            raise MissingInput(_("Choisissez un autre service, ouvert."))
        held = held_by(department)
        department.is_active, department.successor = False, successor
        department.save(update_fields=["is_active", "successor"])
        ServiceContract.objects.filter(department=department).update(is_active=False)
        if successor is not None:
            _lead_to(successor, department, actor, now)
        _move_agents(department, successor, actor)
        actions.check_rules(now=now)
        for pk in actions.stranded_requests(limit=AT_ONCE):
            actions.recall_request(request_id=pk, now=now)
        for pk in actions.asking_closed(limit=AT_ONCE):
            actions.withdraw_closed(request_id=pk, now=now)
    return held


def _lead_to(successor: Department, department: Department, actor, now: datetime) -> None:
    """Name the successor wherever the catalogue and the signatures name the department."""
    for prestation in _leading_to(department):
        if prestation.expert_department_id == department.pk:
            prestation.expert_department = successor
        prestation.routing_rules = [
            {**rule, "expert_department": successor.pk}
            if rule["expert_department"] == department.pk
            else rule
            for rule in prestation.routing_rules
        ]
        prestation.save(update_fields=["expert_department", "routing_rules"])
        _keep_level(prestation, department, successor, actor, now)
    for signatory in Signatory.objects.filter(departments__contains=[department.pk]):
        others = [code for code in signatory.departments if code != department.pk]
        signatory.departments = [*others, successor.pk]
        signatory.save(update_fields=["departments"])


def _keep_level(prestation, department, successor, actor, now: datetime) -> None:
    """The delays set for the prestation stay what they are, unless the successor has its own."""
    rows = ServiceLevel.objects.filter(prestation=prestation)
    last = rows.filter(department=department).last()
    if last is None or rows.filter(department=successor).exists():
        return
    ServiceLevel.objects.create(
        prestation=prestation,
        department=successor,
        take_days=last.take_days,
        first_answer_days=last.first_answer_days,
        treat_days=last.treat_days,
        actor=actor,
        at=now,
    )


def _move_agents(department: Department, successor: Department | None, actor) -> None:
    for place in Membership.objects.filter(department=department):
        if successor is not None:
            act = f"role_moved:{department.pk}"
            move_role(place, actor=actor, action=act, department=successor)
        else:
            act = f"role_ended:{department.pk}"[:40]
            record_access(user=actor, action=act, object_type="user", object_id=place.user_id)
            place.delete()


@transaction.atomic
def reopen_department(*, actor, code: str, reason: str = "") -> Department:
    """Open a closed department again; what it handed on stays where it went.

    Raises:
        NotAllowed: no administrator acts.
        IllegalTransition: it is open.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    with recorded("departments", code, actor=actor, reason=reason):
        department = Department.objects.select_for_update().get(pk=code)
        if department.is_active:
            raise IllegalTransition(_("Ce service est ouvert."))
        department.is_active, department.successor = True, None
        department.save(update_fields=["is_active", "successor"])
    return department
