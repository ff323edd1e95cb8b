"""What agents may do about the tasks of other departments on a request."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.forms import tasks
from requests import actions
from requests.enums import Verb


def _ask(common, form):
    given = form.cleaned_data
    return actions.ask_tasks(
        **common, kind=given["kind"], asked=given["asked"], orders=form.orders()
    )


TASK_ACTS = (
    Act(
        "ask_task",
        Verb.ASK_TASK,
        _("Solliciter d’autres services"),
        "users",
        tasks.AskTaskForm,
        _ask,
        hint=_("La demande reste où elle est : ces services y travaillent en plus."),
    ),
    Act(
        "accept_task",
        Verb.ACCEPT_TASK,
        _("Accepter ce travail"),
        "hand",
        tasks.TaskForm,
        act_calls.plain(actions.accept_task),
        in_menu=False,
    ),
    Act(
        "decline_task",
        Verb.DECLINE_TASK,
        _("Refuser ce travail"),
        "x",
        tasks.DeclineTaskForm,
        act_calls.plain(actions.decline_task),
        in_menu=False,
    ),
    Act(
        "conclude_task",
        Verb.CONCLUDE_TASK,
        _("Rendre ce travail"),
        "file-check",
        tasks.ConcludeTaskForm,
        act_calls.plain(actions.conclude_task),
        in_menu=False,
    ),
    Act(
        "cancel_task",
        Verb.CANCEL_TASK,
        _("Retirer ce travail"),
        "ban",
        tasks.CancelTaskForm,
        act_calls.plain(actions.cancel_task),
        hint=_("Le service en est prévenu, et la demande continue sans lui."),
        in_menu=False,
    ),
)
