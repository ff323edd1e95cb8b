"""Another address for an account: told to both ends, confirmed by both."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from citizens.actions.newsletters import move_subscriptions
from citizens.enums import ChangeEnd
from citizens.exceptions import VoidLink
from citizens.links import CHANGE_VALIDITY, change_link
from citizens.mails import account_mail
from citizens.models import CitizenAccount, EmailChange
from massy_grc.outbox.api import publish
from massy_grc.users.models import User


@transaction.atomic
def ask_email_change(
    *, account_id: int, new_email: str, language: str, now: datetime
) -> EmailChange:
    """Begin a change; one begun before ends. The mails leave from the worker.

    Args:
        new_email: as `normalise_email` gives it; whether it is free is nobody's business here.
    """
    account = CitizenAccount.objects.select_for_update().select_related("user").get(pk=account_id)
    EmailChange.objects.filter(account=account, ended_at=None).update(ended_at=now)
    change = EmailChange.objects.create(
        account=account,
        old_email=account.user.email or "",
        new_email=new_email,
        language=language,
        created_at=now,
    )
    publish("account.ask_change", key=f"account.ask_change:{change.pk}", change_id=change.pk)
    return change


@transaction.atomic
def tell_both_ends(*, change_id: int) -> None:
    """Write to the old address and to the new one; an address in use learns only that."""
    change = open_change(change_id)
    if change is None:
        return
    if change.old_email:
        _mail(change, ChangeEnd.OLD, "change_old")
    taken = User.objects.filter(email=change.new_email).exists()
    _mail(change, ChangeEnd.NEW, "change_taken" if taken else "change_new")


def pending_change(account: CitizenAccount, now: datetime) -> EmailChange | None:
    """Return the change of an account that its two ends may still answer; None without one."""
    since = now - CHANGE_VALIDITY
    return EmailChange.objects.filter(account=account, ended_at=None, created_at__gte=since).first()


def open_change(change_id: int) -> EmailChange | None:
    """Return a change that still waits, with its account; None for any other."""
    change = change_of_link(change_id)
    return change if change and not change.ended_at else None


def change_of_link(change_id: int) -> EmailChange | None:
    """Return a change, even one that is over, unless its account is closed."""
    changes = EmailChange.objects.select_related("account__user", "account__citizen")
    return changes.filter(pk=change_id, account__closed_at=None).first()


@transaction.atomic
def confirm_email_change(*, change_id: int, end: str, now: datetime) -> EmailChange:
    """Let one end agree; with the second one the account has its new address.

    Raises:
        VoidLink: the change is over, too old, or its new address has an account by now.
    """
    change = _locked(change_id, now)
    setattr(change, f"{end}_confirmed_at", now)
    if change.new_confirmed_at and (change.old_confirmed_at or not change.old_email):
        _take_effect(change, now)
    change.save()
    return change


@transaction.atomic
def cancel_email_change(*, change_id: int, now: datetime) -> EmailChange:
    """Let either end refuse; the account keeps its address.

    Raises:
        VoidLink: the change is over already.
    """
    change = _locked(change_id, now)
    change.ended_at = now
    change.save(update_fields=["ended_at"])
    return change


def _locked(change_id: int, now: datetime) -> EmailChange:
    EmailChange.objects.select_for_update().filter(pk=change_id).first()
    change = open_change(change_id)
    if change is None or change.created_at + CHANGE_VALIDITY < now:
        raise VoidLink
    return change


def _take_effect(change: EmailChange, now: datetime) -> None:
    user, citizen = change.account.user, change.account.citizen
    if User.objects.filter(email=change.new_email).exists():
        raise VoidLink
    user.email = change.new_email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if citizen.email.lower() in (change.old_email, ""):
        citizen.email = change.new_email
        citizen.save()
    move_subscriptions(
        citizen_id=citizen.pk, old_email=change.old_email, new_email=change.new_email
    )
    publish(
        "account.change_address", key=f"account.change_address:{change.pk}", change_id=change.pk
    )
    change.ended_at = now
    about = f"account:{change.account_id}"
    for end, address in ((ChangeEnd.OLD, change.old_email), (ChangeEnd.NEW, change.new_email)):
        if address:
            account_mail(
                "change_done",
                to=address,
                key=f"change_done:{change.pk}:{end}",
                language=change.language,
                about=about,
                name=str(user),
                email=change.new_email,
            )


def _mail(change: EmailChange, end: ChangeEnd, name: str) -> None:
    account_mail(
        name,
        to=change.old_email if end == ChangeEnd.OLD else change.new_email,
        key=f"change:{change.pk}:{end}",
        language=change.language,
        about=f"account:{change.account_id}",
        name=str(change.account.user),
        email=change.new_email,
        link=change_link(change.pk, end),
    )
