"""The tasks of people and accounts: thin, repeatable, called by beat."""

from celery import shared_task
from django.utils import timezone

from citizens import actions


@shared_task(ignore_result=True)
def find_duplicates() -> int:
    """Compare the records that are new or changed with all others; the rest in the next run."""
    return actions.compare_waiting(now=timezone.now())


@shared_task(ignore_result=True)
def purge_mail_requests() -> None:
    """Forget the addresses that asked for a mail, or were invited, some time ago."""
    now = timezone.now()
    actions.purge_mail_requests(now=now)
    actions.purge_invitations(now=now)
    actions.purge_subscriptions(now=now)
