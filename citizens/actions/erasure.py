"""Verbs of erasure: a record, its log-in and an organisation lose what names somebody."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from citizens.actions.closing import end_account
from citizens.actions.invitations import forget_invitations
from citizens.actions.newsletters import forget_subscriptions
from citizens.models import (
    Citizen,
    CitizenAccount,
    CitizenMerge,
    HouseholdTie,
    MailRequest,
    Organisation,
    OrganisationAccount,
    OrganisationInvitation,
)
from massy_grc.common.personal_data import blanks
from massy_grc.outbox.api import publish
from massy_grc.outbox.erasing import forget, forget_address


@transaction.atomic
def anonymise_citizen(*, citizen_id: int, now: datetime | None = None) -> bool:
    """Empty a record in place, with its accounts and their log-ins.

    The caller has made sure that nothing needs the record any more. Tells it to whoever listens
    to ``citizen.anonymise``. Done twice, it changes nothing.

    Returns:
        Whether something was done.
    """
    now = now or timezone.now()
    citizen = Citizen.objects.select_for_update(no_key=True).get(pk=citizen_id)
    if citizen.anonymised_at:
        return False
    accounts = CitizenAccount.objects.filter(citizen=citizen).select_related("user")
    emails = [one for one in (citizen.email, *(row.user.email for row in accounts)) if one]
    forget_subscriptions(citizen_id=citizen_id, emails=emails)
    forget_invitations(OrganisationInvitation.objects.filter(invited_by__in=accounts))
    for account in accounts:
        forget(f"account:{account.pk}")
        end_account(account, now)
    Citizen.objects.filter(pk=citizen_id).update(
        **blanks(Citizen), anonymised_at=now, updated_at=now
    )
    HouseholdTie.objects.filter(Q(citizen=citizen_id) | Q(other=citizen_id)).delete()
    CitizenMerge.objects.filter(Q(kept=citizen_id) | Q(gone=citizen_id)).update(
        **blanks(CitizenMerge)
    )
    forget(f"citizen:{citizen_id}")
    for email in emails:
        forget_address(email)
    MailRequest.objects.filter(email__in=emails).delete()
    publish("citizen.anonymise", key=f"citizen.anonymise:{citizen_id}", citizen_id=citizen_id)
    return True


@transaction.atomic
def anonymise_organisation(*, organisation_id: int, now: datetime | None = None) -> None:
    """Empty the record of an organisation that no request needs any more, with its accounts."""
    now = now or timezone.now()
    accounts = OrganisationAccount.objects.filter(organisation=organisation_id)
    for account in accounts:
        account.members.all().delete()
        forget_invitations(account.invitations.all())
        account.changes.all().delete()
        forget(f"organisation:{account.pk}")
    accounts.update(**blanks(OrganisationAccount))
    Organisation.objects.filter(pk=organisation_id, anonymised_at=None).update(
        **blanks(Organisation), anonymised_at=now, updated_at=now
    )
