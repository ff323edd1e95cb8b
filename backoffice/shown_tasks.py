"""What other departments do on a request, as its page shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from backoffice.act import Act
from backoffice.acts import ACTS
from requests.enums import TaskKind, Verb
from requests.models import ServiceRequest, Task
from requests.permissions import scope_of

OF_DEPARTMENT = ("accept_task", "conclude_task", "decline_task")


@dataclass(frozen=True)
class ShownTask:
    """A task, and what the reader may do about it."""

    task: Task
    acts: list[Act]


def asked_words(tasks: Sequence[Task]) -> str:
    """What was asked of how many departments."""
    number = len(tasks)
    words = (
        ngettext("Avis demandé à %(n)s service", "Avis demandé à %(n)s services", number)
        if tasks[0].kind == TaskKind.OPINION
        else ngettext("Travail demandé à %(n)s service", "Travail demandé à %(n)s services", number)
    )
    return words % {"n": number}


def tasks_of(sr: ServiceRequest, user, verbs: Collection[Verb]) -> list[ShownTask]:
    """Return the request's tasks in their order, one query, each with the reader's acts."""
    departments = scope_of(user).departments
    shown = []
    for task in sr.tasks.select_related("department", "asked_by", "ended_by", "accepted_by"):
        acts = []
        if task.is_open and task.department_id in departments:
            acts = [ACTS[slug] for slug in OF_DEPARTMENT if ACTS[slug].verb in verbs]
            if task.accepted_at:
                acts = [act for act in acts if act.verb != Verb.ACCEPT_TASK]
        elif task.ended_at is None and Verb.CANCEL_TASK in verbs:
            acts = [ACTS["cancel_task"]]
        shown.append(ShownTask(task, acts))
    return shown
