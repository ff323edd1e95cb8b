"""Verbs of newsletters: ask, confirm, leave. Nobody is written to without a confirmed address."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import override

from citizens.actions.consents import Subject, set_consent
from citizens.enums import ConsentKind, ConsentSource
from citizens.links import SUBSCRIPTION_VALIDITY, subscription_link
from citizens.mails import account_mail
from citizens.models import CitizenAccount, Newsletter, Subscription
from massy_grc.outbox.api import publish
from massy_grc.outbox.erasing import forget


@transaction.atomic
def ask_subscription(
    *,
    email: str,
    newsletters: Iterable[Newsletter],
    language: str,
    now: datetime,
    account: CitizenAccount | None = None,
) -> None:
    """Note that somebody wants newsletters at an address; the link that proves it is mailed.

    The same is done whoever is on the lists already: a worker decides what is mailed.

    Args:
        email: as `normalise_email` gives it.
        account: of whoever asks signed in.
    """
    ids = []
    for newsletter in newsletters:
        row, _created = Subscription.objects.get_or_create(
            newsletter=newsletter,
            email=email,
            defaults={"language": language, "asked_at": now},
        )
        if row.confirmed_at is None:
            row.asked_at, row.language = now, language
            row.citizen_id = account.citizen_id if account else row.citizen_id
            row.save(update_fields=["asked_at", "language", "citizen"])
        ids.append(row.pk)
    key = f"newsletter.ask:{'-'.join(map(str, ids))}:{now.isoformat()}"
    publish("newsletter.ask", key=key, subscription_ids=ids)


@transaction.atomic
def send_confirmation(*, subscription_ids: list[int]) -> None:
    """Mail the link for what is not confirmed yet; nothing when all is, or was given up."""
    waiting = Subscription.objects.filter(pk__in=subscription_ids, confirmed_at=None)
    rows = list(
        waiting.select_related("newsletter").order_by("newsletter__order", "newsletter__label")
    )
    if not rows:
        return
    ids = [row.pk for row in rows]
    language = rows[0].language
    with override(language):
        labels = [row.newsletter.shown_label for row in rows]
    account_mail(
        "newsletter_confirm",
        to=rows[0].email,
        key=f"newsletter.ask:{'-'.join(map(str, ids))}:{rows[0].asked_at.isoformat()}",
        language=language,
        about=f"subscription:{rows[0].pk}",
        labels=labels,
        link=subscription_link(ids),
    )


@transaction.atomic
def confirm_subscriptions(*, subscription_ids: list[int], now: datetime) -> int:
    """The address is proven: it is on the lists from now on, and its owner's consent is noted.

    Returns:
        How many there are; 0 when they were given up meanwhile.
    """
    rows = list(Subscription.objects.select_for_update().filter(pk__in=subscription_ids))
    fresh = [row for row in rows if row.confirmed_at is None]
    for row in fresh:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
    if fresh:
        _agree(fresh[0], given=True, source=ConsentSource.LINK, now=now)
    return len(rows)


@transaction.atomic
def unsubscribe(*, subscription_id: int, source: ConsentSource, now: datetime) -> None:
    """Take an address off a list; with its last list its consent ends. Done twice, no error."""
    row = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if row is None:
        return
    row.delete()
    mine = Subscription.objects.confirmed().filter(email=row.email, citizen=row.citizen_id)
    if row.confirmed_at and not mine.exists():
        _agree(row, given=False, source=source, now=now)


@transaction.atomic
def forget_subscriptions(*, citizen_id: int, emails: Collection[str]) -> None:
    """A person is erased: they leave the lists, and the mails sent to them go.

    Args:
        emails: the person's addresses; what these asked for without an account goes too.
    """
    without_account = Q(citizen=None, email__in=emails)
    for row in Subscription.objects.filter(Q(citizen=citizen_id) | without_account):
        forget(f"subscription:{row.pk}")
        row.delete()


@transaction.atomic
def move_subscriptions(*, citizen_id: int, old_email: str, new_email: str) -> None:
    """The address of an account has changed: its lists are sent to the new one."""
    mine = Subscription.objects.filter(citizen=citizen_id, email=old_email)
    there_already = Subscription.objects.filter(email=new_email).values("newsletter")
    mine.filter(newsletter__in=there_already).delete()
    mine.update(email=new_email)


@transaction.atomic
def purge_subscriptions(*, now: datetime) -> int:
    """Forget the addresses never confirmed; returns how many."""
    unproven = Subscription.objects.filter(
        confirmed_at=None, asked_at__lt=now - SUBSCRIPTION_VALIDITY
    )
    return unproven.delete()[0]


def _agree(row: Subscription, *, given: bool, source: ConsentSource, now: datetime) -> None:
    subject = Subject(row.citizen_id) if row.citizen_id else Subject.of_address(row.email)
    set_consent(subject=subject, kind=ConsentKind.NEWSLETTER, given=given, source=source, now=now)
