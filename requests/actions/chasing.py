"""What time does about the work of other departments: each is chased for its own date."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from prestations.calendars import WorkingCalendar
from requests.actions.clockwork import alert_about, locked
from requests.enums import AlertKind
from requests.models import Alert, ServiceRequest, Task


@transaction.atomic
def raise_task_alert(
    *, task_id: int, kind: AlertKind, about: str, now: datetime | None = None
) -> Alert | None:
    """Raise an alert about a task once for one event, as `raise_alert` does about a request.

    Returns:
        The alert, or None when it was raised before or nothing is owed any more.
    """
    service_request = locked(Task.objects.get(pk=task_id).request_id)
    task = Task.objects.get(pk=task_id)  # as it is behind the lock
    answered = kind == AlertKind.TASK_UNANSWERED and task.accepted_at is not None
    if service_request is None or not task.is_open or answered:
        return None
    return alert_about(
        service_request, task=task, kind=kind, about=about, now=now or timezone.now()
    )


def due_task_alerts(
    *, now: datetime, calendar: WorkingCalendar, limit: int
) -> list[tuple[int, AlertKind, str]]:
    """Return ``(task id, kind, about)`` for each alert about a task that is due and not raised.

    Oldest dates first, at most `limit` of each kind. Nobody is chased while the requester owes
    the answer, nor once it has left.
    """
    working = ServiceRequest.objects.open().running().filter(answered_at=None)
    tasks = Task.objects.filter(request__in=working, ended_at=None, started_at__isnull=False)
    tomorrow = calendar.add(now, 1, "working_days")
    plans = [
        (AlertKind.TASK_LATE, tasks.filter(due_at__lt=now), "due_at"),
        (AlertKind.TASK_SOON, tasks.filter(due_at__gte=now, due_at__lte=tomorrow), "due_at"),
        (
            AlertKind.TASK_UNANSWERED,
            tasks.filter(accepted_at=None, answer_due_at__lt=now),
            "answer_due_at",
        ),
    ]
    due = []
    for kind, candidates, date_field in plans:
        told = Alert.objects.filter(kind=kind, cleared_at=None, task__isnull=False)
        rows = candidates.exclude(pk__in=told.values("task")).order_by(date_field, "pk")
        due += [
            (task_id, kind, moment.isoformat())
            for task_id, moment in rows.values_list("pk", date_field)[:limit]
        ]
    return sorted(due, key=lambda one: one[2])
