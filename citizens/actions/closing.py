"""Closing an account. The requests stay: they belong to the person's file, not to the log-in."""

from datetime import datetime

from django.db import transaction

from citizens.actions.departure import end_memberships
from citizens.actions.devices import end_devices
from citizens.mails import account_mail
from citizens.models import CitizenAccount, EmailChange
from massy_grc.outbox.api import publish
from massy_grc.users.erasing import erase_log_in


@transaction.atomic
def close_account(*, account_id: int, language: str, now: datetime) -> CitizenAccount:
    """Close an account: nobody signs in with it again, and its address is free at once.

    Closing twice changes nothing.
    """
    accounts = CitizenAccount.objects.select_for_update(of=("self",)).select_related("user")
    account = accounts.get(pk=account_id)
    if account.closed_at is not None:
        return account
    if account.user.email:
        account_mail(
            "account_closed",
            to=account.user.email,
            key=f"account_closed:{account.pk}",
            language=language,
            about=f"account:{account.pk}",
            name=str(account.user),
        )
    end_account(account, now)
    return account


def end_account(account: CitizenAccount, now: datetime) -> None:
    """Forget the log-in with its second factors, identities, devices and memberships.

    The one end of every account: closed by its owner, erased, or idle for too long. Told to
    whoever listens to ``account.close``. The caller holds the transaction.
    """
    EmailChange.objects.filter(account=account).delete()
    account.identities.all().delete()
    end_memberships(account, now)
    end_devices(user=account.user)
    erase_log_in(account.user)
    if account.closed_at is None:
        account.closed_at = now
        account.save(update_fields=["closed_at"])
        publish("account.close", key=f"account.close:{account.pk}", account_id=account.pk)
