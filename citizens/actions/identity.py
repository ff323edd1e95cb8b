"""Accounts of people whom an identity provider vouches for (L11).

The whole pivot identity links to a record; anything less makes a record of its own and an entry
in the agents' list of possible duplicates. What the town holds is never overwritten.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.actions.duplicates import look_alikes, note_pair
from citizens.actions.people import create_citizen
from citizens.enums import DuplicateReason
from citizens.exceptions import AccountError
from citizens.matching import (
    PivotIdentity,
    contradicts,
    records_of_identity,
)
from citizens.models import Citizen, CitizenAccount, FederatedIdentity
from citizens.terms import TERMS_VERSION
from massy_grc.outbox.api import publish
from massy_grc.users.models import User, UserKind


@transaction.atomic
def account_of_identity(*, issuer: str, subject: str, now: datetime) -> CitizenAccount | None:
    """Return the account that an identity opens, and note that it did; None for a newcomer."""
    known = _known(issuer, subject)
    if known is None:
        return None
    known.last_used_at = now
    known.save(update_fields=["last_used_at"])
    return known.account


@transaction.atomic
def open_account_of_identity(
    *, issuer: str, subject: str, pivot: PivotIdentity, language: str, now: datetime
) -> CitizenAccount:
    """Open an account for an identity, at the will of whoever has read the terms (S41).

    Asked twice, it is the same account. It has no address yet: the one that the identity carries
    is not proven.
    """
    if account := account_of_identity(issuer=issuer, subject=subject, now=now):
        return account
    citizen = _record(pivot, language)
    user = User.objects.create_user(
        None,
        kind=UserKind.CITIZEN,
        first_name=pivot.first_name[:100],
        last_name=pivot.family_name[:100],
    )
    account = CitizenAccount.objects.create(
        user=user, citizen=citizen, terms_version=TERMS_VERSION, last_seen_at=now
    )
    FederatedIdentity.objects.create(
        account=account, issuer=issuer, subject=subject, last_used_at=now
    )
    publish("account.open", key=f"account.open:{account.pk}", account_id=account.pk)
    return account


@transaction.atomic
def link_identity(
    *, account_id: int, issuer: str, subject: str, pivot: PivotIdentity, now: datetime
) -> None:
    """Let an account be opened by an identity too, if both speak of the same person.

    Raises:
        AccountError: the identity has an account already, or names somebody else.
    """
    account = (
        CitizenAccount.objects.select_for_update().select_related("citizen").get(pk=account_id)
    )
    known = _known(issuer, subject)
    if known is not None and known.account_id == account.pk:
        return
    if known is not None:
        raise AccountError(_("Cette identité FranceConnect ouvre déjà un autre compte."))
    if contradicts(account.citizen, pivot):
        raise AccountError(
            _("L’identité donnée par FranceConnect n’est pas celle de votre dossier à la mairie.")
        )
    FederatedIdentity.objects.create(
        account=account, issuer=issuer, subject=subject, last_used_at=now
    )


@transaction.atomic
def unlink_identity(*, account_id: int) -> None:
    """Forget the identities of an account that can be opened otherwise.

    Raises:
        AccountError: without password nobody could open it any more.
    """
    account = CitizenAccount.objects.select_for_update().select_related("user").get(pk=account_id)
    if not account.user.has_usable_password():
        raise AccountError(_("Choisissez d’abord un mot de passe."))
    account.identities.all().delete()


def _known(issuer: str, subject: str) -> FederatedIdentity | None:
    identities = FederatedIdentity.objects.select_related("account__user", "account__citizen")
    return identities.filter(issuer=issuer, subject=subject, account__closed_at=None).first()


def _record(pivot: PivotIdentity, language: str) -> Citizen:
    """The one record that agrees in everything and has no account; else a new one."""
    matching = records_of_identity(pivot)
    free = [one for one in matching if not one.accounts.open().exists()]
    if len(matching) == 1 and free:
        return free[0]
    citizen = create_citizen(
        family_name=pivot.family_name,
        given_name=pivot.first_name,
        birth_date=pivot.birth_date,
        birth_place=pivot.birth_place,
        gender=pivot.gender,
        language=language,
    )
    has_account = {one.pk for one in matching} - {one.pk for one in free}
    # The address that the identity carries is not proven: it is compared, not kept.
    for other, found in look_alikes(citizen, email=pivot.email):
        if not found.is_possible:
            continue
        reasons = list(found.reasons)
        if other.pk in has_account:
            reasons = [str(DuplicateReason.ACCOUNT)]
        elif other in matching:
            reasons = [str(DuplicateReason.AMBIGUOUS)]
        note_pair(citizen, other, reasons=reasons, score=found.score)
    return citizen
