"""Verbs of invitations: an administrator asks somebody to join, by a mailed link."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from citizens.actions.organisations import administered
from citizens.exceptions import NotInvited, NotVerified, VoidLink
from citizens.links import INVITATION_VALIDITY, invitation_link
from citizens.mails import account_mail
from citizens.models import (
    CitizenAccount,
    OrganisationInvitation,
    OrganisationMember,
)
from massy_grc.outbox.api import publish
from massy_grc.outbox.erasing import forget


@transaction.atomic
def invite_member(
    *,
    organisation_id: int,
    email: str,
    role: str,
    by: CitizenAccount,
    language: str,
    now: datetime,
) -> OrganisationInvitation:
    """Invite an address, whoever owns it; an earlier invitation of it ends.

    Raises:
        NotAdministrator: `by` is none of this organisation.
        NotVerified: the town has not verified the organisation.
    """
    organisation = administered(organisation_id, by)
    if not organisation.may_invite:
        raise NotVerified
    organisation.invitations.filter(email=email, ended_at=None).update(ended_at=now)
    invitation = OrganisationInvitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=by,
        language=language,
        created_at=now,
    )
    publish(
        "organisation.invite",
        key=f"organisation.invite:{invitation.pk}",
        invitation_id=invitation.pk,
    )
    return invitation


@transaction.atomic
def send_invitation(*, invitation_id: int) -> None:
    """Send the link; nothing when it was cancelled meanwhile."""
    invitation = open_invitation(invitation_id)
    if invitation is None:
        return
    account_mail(
        "organisation_invitation",
        to=invitation.email,
        key=f"organisation.invite:{invitation.pk}",
        language=invitation.language,
        about=_about(invitation.pk),
        name=invitation.organisation.name,
        inviter=str(invitation.invited_by.citizen.letter_name),
        link=invitation_link(invitation.pk),
    )


def open_invitation(invitation_id: int | None) -> OrganisationInvitation | None:
    """Return an invitation that still waits; None for any other."""
    invitations = OrganisationInvitation.objects.select_related(
        "organisation", "invited_by__citizen"
    )
    return invitations.filter(pk=invitation_id or 0, ended_at=None).first()


def is_invited(account: CitizenAccount, invitation: OrganisationInvitation) -> bool:
    """Whether the invitation was sent to the address of this account."""
    return account.user.email == invitation.email


@transaction.atomic
def cancel_invitation(
    *, organisation_id: int, invitation_id: int, by: CitizenAccount, now: datetime
) -> None:
    """Take an invitation back; its link opens nothing any more. One that is over stays so.

    Raises:
        NotAdministrator: `by` is none of this organisation.
    """
    organisation = administered(organisation_id, by)
    organisation.invitations.filter(pk=invitation_id, ended_at=None).update(ended_at=now)


@transaction.atomic
def accept_invitation(
    *, invitation_id: int, account: CitizenAccount, now: datetime
) -> OrganisationMember:
    """Make the person invited a member, once: the account whose address received the link.

    Somebody who is a member already keeps their role.

    Raises:
        NotInvited: the link was sent to another address.
        VoidLink: used, cancelled, replaced or too old.
    """
    OrganisationInvitation.objects.select_for_update().filter(pk=invitation_id).first()
    invitation = open_invitation(invitation_id)
    if invitation is None or invitation.created_at + INVITATION_VALIDITY < now:
        raise VoidLink
    if not is_invited(account, invitation):
        raise NotInvited
    invitation.ended_at = now
    invitation.save(update_fields=["ended_at"])
    member, _created = OrganisationMember.objects.get_or_create(
        organisation=invitation.organisation,
        account=account,
        defaults={"role": invitation.role, "joined_at": now},
    )
    return member


@transaction.atomic
def purge_invitations(*, now: datetime) -> int:
    """Forget the addresses invited long ago, accepted or not; returns how many."""
    old = OrganisationInvitation.objects.filter(created_at__lt=now - 2 * INVITATION_VALIDITY)
    return forget_invitations(old)


def forget_invitations(invitations: QuerySet) -> int:
    """Delete invitations with their mails, which name both ends; returns how many.

    For the verbs that purge or erase; the caller holds the transaction.
    """
    for pk in invitations.values_list("pk", flat=True):
        forget(_about(pk))
    return invitations.delete()[0]


def _about(invitation_id: int) -> str:
    return f"invitation:{invitation_id}"
