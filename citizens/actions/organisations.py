"""Verbs on the accounts of organisations: declare, check, leave, close."""

from datetime import datetime

from django.db import transaction

from citizens.actions.people import recognise_organisation
from citizens.enums import CheckState, MemberRole
from citizens.exceptions import LastAdministrator, NotAdministrator, OtherAdministrators
from citizens.mails import account_mail
from citizens.models import (
    CitizenAccount,
    OrganisationAccount,
    OrganisationMember,
)
from massy_grc.outbox.api import publish


@transaction.atomic
def declare_organisation(
    *,
    account: CitizenAccount,
    name: str,
    kind: str,
    siret: str = "",
    rna: str = "",
    address: str = "",
    language: str,
    now: datetime,
) -> OrganisationAccount:
    """Open the account of an organisation; whoever declares it becomes its administrator.

    The same is done whether or not somebody else declared the number before: an agent checks
    each, and sees then that there are two.

    Args:
        account: of the citizen who declares it.
        kind: an `OrganisationKind`.
        siret, rna: as `clean_siret` and `clean_rna` give them; one of them at least (L15).
    """
    own = OrganisationAccount.objects.of_account(account).filter(siret=siret, rna=rna)
    if again := own.first():  # posted twice
        return again
    organisation = OrganisationAccount.objects.create(
        organisation=recognise_organisation(
            name=name, kind=kind, siret=siret, rna=rna, address=address
        ),
        name=name,
        kind=kind,
        siret=siret,
        rna=rna,
        address=address,
        language=language,
        created_at=now,
    )
    OrganisationMember.objects.create(
        organisation=organisation, account=account, role=MemberRole.ADMINISTRATOR, joined_at=now
    )
    return organisation


@transaction.atomic
def check_organisation(
    *, organisation_id: int, state: CheckState, actor, now: datetime
) -> OrganisationAccount:
    """Note what an agent found out about who declares an organisation; its members are told.

    Args:
        state: verified, or refused: then nothing more is filed in its name.

    Raises:
        OrganisationAccount.DoesNotExist: unknown, or answered meanwhile.
    """
    waiting = OrganisationAccount.objects.open().select_for_update(no_key=True)
    organisation = waiting.get(pk=organisation_id, state=CheckState.PENDING)
    organisation.state = state
    organisation.checked_by = actor
    organisation.checked_at = now
    organisation.save(update_fields=["state", "checked_by", "checked_at"])
    publish(
        "organisation.check",
        key=f"organisation.check:{organisation.pk}",
        organisation_id=organisation.pk,
    )
    return organisation


@transaction.atomic
def tell_check(*, organisation_id: int) -> None:
    """Write to the administrators what the check gave."""
    organisation = OrganisationAccount.objects.get(pk=organisation_id)
    administrators = organisation.members.filter(role=MemberRole.ADMINISTRATOR)
    for member in administrators.select_related("account__user"):
        if member.account.user.email:
            account_mail(
                f"organisation_{organisation.state}",
                to=member.account.user.email,
                key=f"organisation.check:{organisation.pk}:{member.pk}",
                language=organisation.language,
                about=f"organisation:{organisation.pk}",
                name=organisation.name,
            )


@transaction.atomic
def change_role(
    *, organisation_id: int, member_id: int, role: MemberRole | str, by: CitizenAccount
) -> None:
    """Make a member administrator, or the other way round.

    Raises:
        NotAdministrator: `by` is none of this organisation.
        OrganisationMember.DoesNotExist: nobody there any more.
        LastAdministrator: nobody else would be left to administer it.
    """
    _lock_for(organisation_id, by)
    member = OrganisationMember.objects.get(pk=member_id, organisation=organisation_id)
    if role != MemberRole.ADMINISTRATOR:
        _keep_an_administrator(member)
    member.role = role
    member.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, organisation_id: int, member_id: int, by: CitizenAccount) -> None:
    """End a membership: by an administrator, or by the member who leaves. At once.

    Raises:
        NotAdministrator: somebody else's membership, and `by` administers nothing there.
        OrganisationMember.DoesNotExist: nobody there any more.
        LastAdministrator: nobody else would be left to administer it.
    """
    _lock(organisation_id)
    member = OrganisationMember.objects.get(pk=member_id, organisation=organisation_id)
    if member.account_id != by.pk:
        _check_administrator(organisation_id, by)
    _keep_an_administrator(member)
    member.delete()


@transaction.atomic
def close_organisation(
    *, organisation_id: int, by: CitizenAccount, language: str, now: datetime
) -> None:
    """Close the account of an organisation: nobody acts for it any more, everybody is told.

    What was filed stays with the town, in the organisation's name; forms begun are forgotten
    (who listens to ``organisation.close``). The number may be declared again.

    Raises:
        NotAdministrator: `by` is none of this organisation.
        OtherAdministrators: somebody else administers it too.
    """
    organisation = _lock_for(organisation_id, by)
    members = list(organisation.members.select_related("account__user"))
    if sum(one.is_administrator for one in members) > 1:
        raise OtherAdministrators
    end_organisation(organisation, now)
    organisation.members.all().delete()
    for member in members:
        if member.account.user.email:
            account_mail(
                "organisation_closed",
                to=member.account.user.email,
                key=f"organisation.close:{organisation.pk}:{member.pk}",
                language=language,
                about=f"organisation:{organisation.pk}",
                name=organisation.name,
            )


def end_organisation(organisation: OrganisationAccount, now: datetime) -> None:
    """Close an organisation's account and void its invitations; told to ``organisation.close``.

    The one end of all of them: closed by its administrator, or left by its only member. The
    caller holds the transaction and ends the memberships.
    """
    organisation.closed_at = now
    organisation.save(update_fields=["closed_at"])
    organisation.invitations.filter(ended_at=None).update(ended_at=now)
    publish(
        "organisation.close",
        key=f"organisation.close:{organisation.pk}",
        organisation_id=organisation.pk,
    )


def administered(organisation_id: int, by: CitizenAccount) -> OrganisationAccount:
    """Return an organisation, locked, that `by` administers. Runs inside the verb's `atomic`.

    Raises:
        NotAdministrator: any other.
    """
    return _lock_for(organisation_id, by)


def _lock(organisation_id: int) -> OrganisationAccount:
    return OrganisationAccount.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _lock_for(organisation_id: int, by: CitizenAccount) -> OrganisationAccount:
    organisation = _lock(organisation_id)
    _check_administrator(organisation_id, by)
    return organisation


def _check_administrator(organisation_id: int, by: CitizenAccount) -> None:
    mine = OrganisationMember.objects.filter(organisation=organisation_id, account=by)
    if not mine.filter(role=MemberRole.ADMINISTRATOR).exists():
        raise NotAdministrator


def _keep_an_administrator(member: OrganisationMember) -> None:
    others = OrganisationMember.objects.filter(organisation=member.organisation_id)
    others = others.exclude(pk=member.pk)
    if member.is_administrator and not others.filter(role=MemberRole.ADMINISTRATOR).exists():
        raise LastAdministrator
