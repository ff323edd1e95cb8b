"""What agents are told of in the notification centre, and which of it they want by mail too.

A notice follows from an event of the outbox, as its mail does: both say the same, once.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from massy_grc.users.models import User
from prestations.enums import AlertMail
from prestations.models import AlertMailChoice
from requests.enums import NoticeKind
from requests.models import Notice, NoticeChoice, ServiceRequest

KEPT = timedelta(days=30)
MAILED = frozenset(
    {
        NoticeKind.MESSAGE,
        NoticeKind.TASK,
        NoticeKind.DECISION,
        NoticeKind.CALL_BACK,
        NoticeKind.CONTRACT,
        NoticeKind.TEXT,
    }
)
# the others have a choice of their own: of dates, and of each request that is watched
CHOSEN = (
    *(NoticeKind.MENTION, NoticeKind.ASSIGNED, NoticeKind.MESSAGE, NoticeKind.RETURNED),
    *(NoticeKind.TASK, NoticeKind.DECISION, NoticeKind.CALL_BACK, NoticeKind.EXPORT),
    *(NoticeKind.CONTRACT, NoticeKind.TEXT),
)


def notify(
    people: Iterable[User],
    *,
    kind: NoticeKind,
    key: str,
    service_request: ServiceRequest | None = None,
    actor_id: int | None = None,
    about: str = "",
    now: datetime | None = None,
) -> None:
    """Tell each of `people` one thing, once by `key`; nobody hears of what they did themselves.

    What a person is told of as a watcher gives way to what concerns them more.
    """
    rows = [
        Notice(
            user=person,
            kind=kind,
            key=key,
            request=service_request,
            actor_id=actor_id,
            about=about,
            at=now or timezone.now(),
        )
        for person in {one.pk: one for one in people}.values()
        if person.pk != actor_id
    ]
    if kind == NoticeKind.WATCHED:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        return
    Notice.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["kind", "about"],
        unique_fields=["user", "key"],
    )


def wanting_mail(
    kind: NoticeKind, usual: Iterable[User], also: Iterable[User] = ()
) -> dict[int, User]:
    """Return who is written to about one thing: the usual ones and whoever else chose it.

    Args:
        usual: who gets a mail without having chosen.
        also: who is told on the page alone, unless they chose otherwise.
    """
    by_mail, on_page = {one.pk: one for one in usual}, {one.pk: one for one in also}
    everyone = on_page | by_mail
    chosen = _chosen(everyone, kind)
    return {
        number: person
        for number, person in everyone.items()
        if chosen.get(number, number in by_mail)
    }


def _chosen(people: Collection[int], kind: NoticeKind) -> dict[int, bool]:
    rows = NoticeChoice.objects.filter(kind=kind, user__in=people)
    return dict(rows.values_list("user", "mail"))


def mail_choices(user) -> dict[NoticeKind, bool]:
    """Return, of each kind that may be chosen, whether `user` gets a mail as well."""
    each = AlertMailChoice.objects.filter(user=user, choice=AlertMail.EACH).exists()
    usual = {kind: kind in MAILED or (kind == NoticeKind.MENTION and each) for kind in CHOSEN}
    rows = NoticeChoice.objects.filter(user=user, kind__in=CHOSEN)
    return usual | {NoticeKind(one.kind): one.mail for one in rows}


@transaction.atomic
def choose_notice_mail(*, user, chosen: Mapping[NoticeKind, bool]) -> None:
    """Keep, of each kind, whether somebody wants a mail beside the notice; only what changes."""
    before = mail_choices(user)
    for kind, mail in chosen.items():
        if kind in before and before[kind] != mail:
            NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults={"mail": mail})


def read_notices(*, user, notice_id: int | None = None, now: datetime | None = None) -> int:
    """Note that `user` has read one of their notices, or all of them; returns how many."""
    unread = Notice.objects.unread(user)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=now or timezone.now())


def unread_again(*, user, notice_id: int) -> int:
    """Keep a notice for later."""
    return Notice.objects.filter(user=user, pk=notice_id).update(read_at=None)


def sweep_notices(now: datetime) -> int:
    """Forget what agents were told of a month ago."""
    return Notice.objects.filter(at__lt=now - KEPT).delete()[0]
