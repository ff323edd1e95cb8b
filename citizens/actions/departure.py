"""What becomes of the organisations of somebody whose account ends.

Closing an account is a right: it is not refused to the only administrator of an organisation. The
member of longest standing takes over and is told; without another member its space closes too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from citizens.actions.organisations import end_organisation
from citizens.enums import MemberRole
from citizens.mails import account_mail
from citizens.models import CitizenAccount, OrganisationAccount, OrganisationMember


@dataclass(frozen=True)
class Departure:
    """One organisation that loses a member.

    Attributes:
        heir: who becomes its administrator; None when another one stays, or nobody.
        is_last: nobody acts for it any more.
    """

    organisation: OrganisationAccount
    heir: OrganisationMember | None
    is_last: bool


def departures(account: CitizenAccount) -> list[Departure]:
    """Return what becomes of each organisation of an account that ends, by name."""
    memberships = account.memberships.select_related("organisation")
    return [_departure(one) for one in memberships.order_by("organisation__name", "pk")]


def end_memberships(account: CitizenAccount, now: datetime) -> None:
    """A closed account acts for nobody; who takes over from it is told.

    For the verbs that close or erase; the caller holds the transaction.
    """
    for member in _locked(account):
        departure = _departure(member)
        member.delete()
        if departure.is_last and departure.organisation.closed_at is None:
            end_organisation(departure.organisation, now)
        elif departure.heir is not None:
            _promote(departure.heir, departure.organisation)


def _locked(account: CitizenAccount) -> Iterator[OrganisationMember]:
    for member in list(account.memberships.order_by("organisation_id")):
        locked = OrganisationAccount.objects.select_for_update(no_key=True)
        member.organisation = locked.get(pk=member.organisation_id)
        yield member


def _departure(member: OrganisationMember) -> Departure:
    others = member.organisation.members.exclude(pk=member.pk).order_by("joined_at", "pk")
    others = others.select_related("account__user", "account__citizen")
    oldest = others.first()
    is_led = others.filter(role=MemberRole.ADMINISTRATOR).exists()
    return Departure(member.organisation, None if is_led else oldest, oldest is None)


def _promote(heir: OrganisationMember, organisation: OrganisationAccount) -> None:
    heir.role = MemberRole.ADMINISTRATOR
    heir.save(update_fields=["role"])
    if heir.account.user.email:
        account_mail(
            "organisation_inherited",
            to=heir.account.user.email,
            key=f"organisation.inherit:{organisation.pk}:{heir.pk}",
            language=organisation.language,
            about=f"organisation:{organisation.pk}",
            name=organisation.name,
            organisation_id=organisation.pk,
        )
