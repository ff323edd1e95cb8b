"""What the staff read about promised calls and problems: a mail before a slot, the day's mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.calendars import PARIS, midnight
from requests.actions.notices import notify, wanting_mail
from requests.enums import NoticeKind, ProblemState
from requests.letters import words
from requests.models import CallBack, Problem
from requests.notifications.parts import part
from requests.notifications.sending import GREETING
from requests.permissions import Right, scope_of


def remind_owner(call_back: CallBack) -> None:
    """Tell the owner of a call before its slot; names and numbers stay on the page."""
    moment = f"{call_back.pk}:{call_back.promised_at:%y%m%d%H%M%S}"
    notify([call_back.owner], kind=NoticeKind.CALL_BACK, key=f"call-back:{moment}")
    if not wanting_mail(NoticeKind.CALL_BACK, [call_back.owner]):
        return
    queue_delivery(
        key=f"call-back:{call_back.pk}:{call_back.owner_id}:{call_back.promised_at.isoformat()}",
        to=str(call_back.owner.email),
        subject=f"Rappel promis {_slot(call_back)}",
        body=f"{GREETING}\n\nVous avez à rappeler une personne {_slot(call_back)} "
        f"({_about(call_back)}).\n\n{settings.PUBLIC_URL}{reverse('backoffice:call_backs')}",
    )


def day_s_calls(user: User, now: datetime) -> str:
    """What the day's mail says of promised calls: one's own, and to a supervisor all late ones.

    A late one about a request stands on the ladder of alerts.
    """
    waiting = CallBack.objects.visible_to(user).waiting().select_related("request", "contact")
    own = waiting.filter(owner=user)
    late = waiting if scope_of(user).may(Right.SUPERVISE) else own
    tonight = midnight(now.astimezone(PARIS).date() + timedelta(days=1))
    parts = (
        ("Rappels promis, en retard", late.filter(ends_at__lt=now, request=None)),
        ("À rappeler aujourd'hui", own.filter(ends_at__gte=now, starts_at__lt=tonight)),
    )
    said = (
        part(heading, [f"{_slot(one)} ({_about(one)})" for one in rows]) for heading, rows in parts
    )
    return "\n\n".join(filter(None, said))


def day_s_problems(user: User, now: datetime) -> str:
    """What it says of problems: actions whose day has passed, and what waits for a look."""
    if not scope_of(user).may(Right.HANDLE_COMPLAINTS):
        return ""
    today = now.astimezone(PARIS).date()
    followed = Problem.objects.filter(state=ProblemState.OPEN, owner=user, action_done=False)
    late = [
        f"{one.title}, pour le {words.full_date(one.action_on)}"
        for one in followed.filter(action_on__lt=today).order_by("action_on", "pk")
    ]
    proposed = Problem.objects.filter(state=ProblemState.PROPOSED).count()
    parts = [
        part("Actions de fond en retard", late),
        f"Problèmes proposés, à examiner : {proposed}" if proposed else "",
    ]
    return "\n\n".join(filter(None, parts))


def _slot(call_back: CallBack) -> str:
    """« le lundi 3 mars 2026 entre 9 h et 10 h »."""
    first = call_back.starts_at.astimezone(PARIS)
    last = call_back.ends_at.astimezone(PARIS)
    if first.date() != last.date():
        return f"avant le {words.full_date(last)}"
    return f"le {words.full_date(first)} entre {words.clock(first)} et {words.clock(last)}"


def _about(call_back: CallBack) -> str:
    return call_back.request.reference if call_back.request else "contact sans demande"
