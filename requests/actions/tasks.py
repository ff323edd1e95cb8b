"""Verbs of cooperation: other departments work on a request that one of them leads (S32, S81)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS, town_calendar
from prestations.models import Department
from requests import deadlines
from requests.actions.clocks import clear_alerts
from requests.actions.clockwork import locked
from requests.actions.core import open_request, record, require
from requests.actions.destinations import open_successor
from requests.actions.exchange import keep_note
from requests.enums import AlertKind, Opinion, TaskEnd, TaskKind, Verb
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import ServiceRequest, Task
from requests.permissions import scope_of

END_OF_DAY = time(17, 30)


@dataclass(frozen=True)
class Order:
    """What is asked of one department.

    Attributes:
        asked: of this department alone; "" for what is asked of all.
        after: it begins when all that was asked before has ended.
    """

    department: Department
    due_on: date
    asked: str = ""
    after: bool = False


@transaction.atomic
def ask_task(
    *,
    request_id: int,
    version: int | None,
    actor,
    departments: Collection[Department],
    kind: str,
    asked: str,
    due_on: date,
    after: bool = False,
    now: datetime | None = None,
) -> list[Task]:
    """Mobilise departments on a request in one step; who leads it does not change.

    Args:
        departments: they work at the same time.
        due_on: a day from today to the citizen's own, both included.
        after: they begin when what was asked before has ended.

    Raises:
        MissingInput: nothing asked, nobody, a closed department, or a day out of reach.
        IllegalTransition: one of them works on it already.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.ASK_TASK, actor=actor, version=version
    )
    asked = require(asked, _("Dites ce que le service doit faire."))
    if not departments:
        raise MissingInput(_("Choisissez au moins un service."))
    due_at = _due(service_request, due_on, now)
    running = list(service_request.tasks.filter(ended_at=None))
    for department in departments:
        _refuse_unfit(service_request, department, running)
    rank = max((task.rank for task in running), default=0)
    if after and running:
        rank += 1
    elif not after and running:
        rank = min(task.rank for task in running)
    tasks = [
        Task.objects.create(
            request=service_request,
            kind=TaskKind(kind),
            department=department,
            rank=rank,
            asked=asked,
            asked_by=actor,
            asked_at=now,
            due_at=due_at,
            **({} if after and running else _begun(now)),
        )
        for department in departments
    ]
    data = {
        "departments": [task.department_id for task in tasks],
        "kind": kind,
        "started": [task.pk for task in tasks if task.started_at],
    }
    record(service_request, Verb.ASK_TASK, actor=actor, now=now, data=data)
    return tasks


@transaction.atomic
def ask_tasks(
    *,
    request_id: int,
    version: int | None,
    actor,
    kind: str,
    asked: str,
    orders: Sequence[Order],
    now: datetime | None = None,
) -> list[Task]:
    """Mobilise departments in one step, each by its own day and after others where it must.

    Args:
        asked: of every department that is not told otherwise.

    Raises:
        MissingInput, IllegalTransition: see `ask_task`; then nothing is asked of anybody.
    """
    made: list[Task] = []
    # those that begin together and are asked the same are one act
    for (own, due_on, _turn), group in groupby(
        enumerate(orders),
        lambda one: (one[1].asked, one[1].due_on, one[0] + 1 if one[1].after else 0),
    ):
        alike = [order for _number, order in group]
        made += ask_task(
            request_id=request_id,
            version=None if made else version,
            actor=actor,
            departments=[order.department for order in alike],
            kind=kind,
            asked=own or asked,
            due_on=due_on,
            after=alike[0].after,
            now=now,
        )
    return made


@transaction.atomic
def accept_task(
    *, request_id: int, version: int | None, actor, task: int, now: datetime | None = None
) -> ServiceRequest:
    """The department takes the work; the colleague who accepts it is asked about it."""
    now = now or timezone.now()
    service_request, found = _open_task(Verb.ACCEPT_TASK, request_id, version, actor, task)
    if found.accepted_at is not None:
        raise IllegalTransition(_("Ce travail est déjà accepté."))
    found.accepted_at, found.accepted_by = now, actor
    found.save(update_fields=["accepted_at", "accepted_by"])
    clear_alerts(service_request, now, AlertKind.TASK_UNANSWERED, tasks=[found])
    record(service_request, Verb.ACCEPT_TASK, actor=actor, now=now, data=_about(found))
    return service_request


@transaction.atomic
def decline_task(
    *,
    request_id: int,
    version: int | None,
    actor,
    task: int,
    note: str,
    now: datetime | None = None,
) -> ServiceRequest:
    """The department does not take the work, and says why; who asked decides what follows."""
    now = now or timezone.now()
    service_request, found = _open_task(Verb.DECLINE_TASK, request_id, version, actor, task)
    why = require(note, _("Dites pourquoi le service ne peut pas faire ce travail."))
    started = _end(service_request, found, actor, now, TaskEnd.DECLINED, why)
    data = _about(found) | {"started": started}
    record(service_request, Verb.DECLINE_TASK, actor=actor, now=now, data=data)
    _withdraw_closed(service_request, now)
    return service_request


@transaction.atomic
def conclude_task(
    *,
    request_id: int,
    version: int | None,
    actor,
    task: int,
    conclusion: str,
    opinion: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """The department gives back its work; the final answer is drafted from it.

    Args:
        opinion: an `Opinion`, when that was asked.

    Raises:
        MissingInput: no conclusion, or no opinion where one was asked.
    """
    now = now or timezone.now()
    service_request, found = _open_task(Verb.CONCLUDE_TASK, request_id, version, actor, task)
    said = require(conclusion, _("Écrivez ce que le service a fait ou pense."))
    if found.kind == TaskKind.OPINION:
        if not opinion:
            raise MissingInput(_("Dites si l’avis est favorable, réservé ou défavorable."))
        found.opinion = Opinion(opinion)
    if found.accepted_at is None:
        found.accepted_at, found.accepted_by = now, actor
    started = _end(service_request, found, actor, now, TaskEnd.DONE, said)
    data = _about(found) | {"started": started, "opinion": found.opinion}
    record(service_request, Verb.CONCLUDE_TASK, actor=actor, now=now, data=data)
    _withdraw_closed(service_request, now)
    return service_request


@transaction.atomic
def cancel_task(
    *,
    request_id: int,
    version: int | None,
    actor,
    task: int,
    note: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """Take back what was asked of a department: the request goes on without it."""
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.CANCEL_TASK, actor=actor, version=version
    )
    found = _unfinished(service_request, task)
    keep_note(service_request, actor, note, now)
    started = _end(service_request, found, actor, now, TaskEnd.CANCELLED, "")
    data = _about(found) | {"started": started}
    record(service_request, Verb.CANCEL_TASK, actor=actor, now=now, data=data)
    _withdraw_closed(service_request, now)
    return service_request


@transaction.atomic
def withdraw_closed(*, request_id: int, now: datetime | None = None) -> int:
    """Take back what a request asks of departments that have closed; a task's verb.

    Returns:
        How many tasks were taken back; who asked is told of each.
    """
    service_request = locked(request_id)
    return _withdraw_closed(service_request, now or timezone.now()) if service_request else 0


def asking_closed(*, limit: int) -> list[int]:
    """Return the ids of requests that ask something of closed departments, oldest first."""
    asking = Task.objects.filter(ended_at=None, department__is_active=False).values("request")
    rows = ServiceRequest.objects.filter(pk__in=asking).order_by("arrived_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _withdraw_closed(service_request: ServiceRequest, now: datetime) -> int:
    """A successor is asked instead; else the request goes on without it, the next ones begin."""
    tasks = list(service_request.tasks.filter(ended_at=None, department__is_active=False))
    service_request.acting_for = None
    for task in tasks:
        if _given_on(service_request, task, now):
            continue
        started = _end(service_request, task, None, now, TaskEnd.CANCELLED, "")
        data = _about(task) | {"started": started, "closed_department": task.department_id}
        record(service_request, Verb.CANCEL_TASK, now=now, data=data)
    return len(tasks)


def _given_on(service_request: ServiceRequest, task: Task, now: datetime) -> bool:
    """Ask the successor of a closed department for its work, unless it works on it already."""
    heir = open_successor(task.department)
    running = service_request.tasks.filter(ended_at=None)
    try:
        if heir is None:
            return False
        _refuse_unfit(service_request, heir, running)
    except IllegalTransition:
        return False
    task.department, task.accepted_at, task.accepted_by = heir, None, None
    task.save(update_fields=["department", "accepted_at", "accepted_by"])
    data = {
        "departments": [heir.pk],
        "kind": task.kind,
        "started": [task.pk] if task.started_at else [],
    }
    record(service_request, Verb.ASK_TASK, now=now, data=data)
    return True


def _due(service_request: ServiceRequest, due_on: date, now: datetime) -> datetime:
    """The end of a day that stands under the citizen's date, unless that one has passed."""
    today = now.astimezone(PARIS).date()
    if due_on < today:
        raise MissingInput(_("Ce jour est passé."))
    last = service_request.due_at.astimezone(PARIS).date()
    if due_on > last >= today:
        raise MissingInput(_("La réponse est promise avant ce jour : choisissez-en un plus tôt."))
    due_at = datetime.combine(due_on, END_OF_DAY, PARIS)
    return min(due_at, service_request.due_at) if last >= today else due_at


def _refuse_unfit(
    service_request: ServiceRequest, department: Department, running: Collection[Task]
) -> None:
    if not department.is_active:
        raise MissingInput(_("Ce service est fermé : choisissez-en un autre."))
    leads = service_request.department_since and service_request.department_id == department.pk
    if leads or any(task.department_id == department.pk for task in running):
        raise IllegalTransition(
            _("Le service %(department)s travaille déjà sur cette demande.")
            % {"department": department.label}
        )


def _open_task(
    verb: Verb, request_id: int, version: int | None, actor, number: int
) -> tuple[ServiceRequest, Task]:
    """Lock the request and find the open task of one of the actor's departments."""
    service_request = open_request(request_id=request_id, verb=verb, actor=actor, version=version)
    found = _unfinished(service_request, number)
    if found.department_id not in scope_of(actor).departments:
        raise NotAllowed
    if not found.is_open:
        raise IllegalTransition(_("Son tour n’est pas encore venu."))
    return service_request, found


def _unfinished(service_request: ServiceRequest, number: int) -> Task:
    found = service_request.tasks.filter(pk=number, ended_at=None).first()
    if found is None:
        raise IllegalTransition(_("Ce travail est déjà rendu ou retiré."))
    return found


def _end(
    service_request: ServiceRequest, task: Task, actor, now: datetime, end: TaskEnd, said: str
) -> list[int]:
    """End a task and begin those whose turn has come, but in a department that has closed.

    Returns:
        The keys of the tasks that begin.
    """
    task.ended_at, task.ended_by, task.end, task.conclusion = now, actor, end, said
    task.save()
    clear_alerts(service_request, now, tasks=[task])
    waiting = service_request.tasks.filter(ended_at=None)
    if waiting.filter(started_at__isnull=False).exists():
        return []
    fit = waiting.filter(department__is_active=True)
    following = fit.order_by("rank").values_list("rank", flat=True).first()
    if following is None:
        return []
    turn = fit.filter(rank=following)
    started = list(turn.values_list("pk", flat=True))
    turn.update(**_begun(now))
    return started


def _begun(now: datetime) -> dict[str, datetime]:
    """Its turn has come."""
    answer_due_at = deadlines.task_answer_due(now, town_calendar())
    return {"started_at": now, "answer_due_at": answer_due_at}


def _about(task: Task) -> dict:
    return {"task": task.pk, "department": task.department_id}
