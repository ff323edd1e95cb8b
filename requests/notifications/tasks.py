"""Internal mail about what is asked of other departments on a request."""

from collections.abc import Iterable

from django.db.models import Q

from massy_grc.users.models import User
from prestations.enums import ArrivalMail
from prestations.models import Membership
from requests.enums import AlertKind, NoticeKind, TaskEnd
from requests.letters import words
from requests.letters.context import way_to
from requests.letters.rendering import Rendered
from requests.models import Alert, RequestEvent, ServiceRequest, Task
from requests.notifications.parts import part
from requests.notifications.recipients import followers
from requests.notifications.sending import tell_staff
from requests.standing_in import work_of

# gravest first: a task is named once, under the first heading that fits
HEADINGS = {
    AlertKind.TASK_LATE: "Travail d'un service en retard",
    AlertKind.TASK_SOON: "Travail bientôt attendu du service",
    AlertKind.TASK_UNANSWERED: "Travail à accepter ou à refuser",
}


def tell_started(event: RequestEvent) -> None:
    """Tell each department whose turn has come what is asked of it, and until when."""
    for task in _named(event.data.get("started", ())):
        _mail(
            event,
            task,
            people_of(task),
            f"votre service est sollicité pour le {words.full_date(task.due_at)}",
            f"{task.get_kind_display()} :\n\n{task.asked}\n\nAcceptez ou refusez ce travail,"
            " puis rendez-le, sur la page de la demande.",
        )


def tell_ended(event: RequestEvent) -> None:
    """Tell who asked that a department has given back its work, or will not do it."""
    for task in _named([event.data["task"]]):
        what = "a rendu son travail" if task.end == TaskEnd.DONE else "refuse le travail demandé"
        people = [task.asked_by, *followers(event.request)]
        _mail(event, task, people, f"le service {task.department.label} {what}", task.conclusion)


def tell_cancelled(event: RequestEvent) -> None:
    """Tell the department that its work is not needed any more; of a closed one, who asked."""
    for task in _named([event.data["task"]]):
        if event.data.get("closed_department"):
            what = f"le service {task.department.label} est fermé, le travail demandé est retiré"
            body = f"À vous de voir qui le fera :\n\n{task.asked}"
            _mail(event, task, [task.asked_by, *followers(event.request)], what, body)
        elif task.started_at is not None:
            body = f"Ce travail n'est plus attendu de votre service :\n\n{task.asked}"
            _mail(event, task, people_of(task), "travail retiré", body)


def people_chased(kind: AlertKind, task: Task) -> list[User]:
    """Whom an alert about a task is for: its department, and from its date on who asked."""
    answered = kind == AlertKind.TASK_UNANSWERED and task.accepted_at is not None
    if not task.is_open or answered:  # meanwhile
        return []
    return [*people_of(task), *([task.asked_by] if kind == AlertKind.TASK_LATE else [])]


def day_s_tasks(user: User) -> str:
    """What the day's mail says of works asked of departments: those `people_chased` names."""
    people = work_of(user)
    reading = Membership.objects.filter(user=user).exclude(arrival_mail=ArrivalMail.NEVER)
    free = Q(accepted_by=None) | Q(accepted_by__is_active=False)
    own = Q(accepted_by__in=people) | free & Q(department__in=reading.values("department"))
    visible = Task.objects.filter(request__in=ServiceRequest.objects.visible_to(user))
    named: set[int] = set()
    texts = []
    for kind, heading in HEADINGS.items():
        told = own | Q(asked_by__in=people) if kind == AlertKind.TASK_LATE else own
        standing = Alert.objects.filter(kind=kind, cleared_at=None, task__isnull=False)
        rows = visible.filter(told, pk__in=standing.values("task"), ended_at=None)
        fresh = rows.exclude(pk__in=named).select_related("request", "department")
        tasks = list(fresh.order_by("due_at", "pk"))
        named.update(task.pk for task in tasks)
        texts.append(part(heading, [_line(task) for task in tasks]))
    return "\n\n".join(filter(None, texts))


def people_of(task: Task) -> list[User]:
    """Who is told in a department: the colleague who accepted, else all who read its mail."""
    if task.accepted_by and task.accepted_by.is_active:
        return [task.accepted_by]
    reading = Membership.objects.filter(department=task.department_id)
    reading = reading.exclude(arrival_mail=ArrivalMail.NEVER).select_related("user")
    return [one.user for one in reading]


def _named(numbers: Iterable[int]) -> list[Task]:
    tasks = Task.objects.filter(pk__in=list(numbers))
    return list(tasks.select_related("department", "asked_by", "accepted_by"))


def _line(task: Task) -> str:
    day = words.full_date(task.due_at)
    return f"{task.request.reference}, {task.department.label}, pour le {day}"


def _mail(event: RequestEvent, task: Task, people: list[User], subject: str, body: str) -> None:
    service_request = event.request
    tell_staff(
        event,
        NoticeKind.TASK,
        [one for one in people if one.pk != event.actor_id],
        Rendered(
            code="",
            subject=f"[{service_request.reference}] {subject}",
            body=f"{body}\n\n{way_to(service_request)}",
        ),
        key=f"request.{event.verb}:{event.pk}:task:{task.pk}",
        about=event.verb,
    )
