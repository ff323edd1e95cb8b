"""Organisations with an account, and who acts for them."""

from django.utils import timezone

from citizens.actions import declare_organisation
from citizens.enums import CheckState, MemberRole
from citizens.models import OrganisationAccount, OrganisationMember

SIRET = "73282932000074"  # the example of the INSEE's own documentation
RNA = "W913000001"


def make_organisation(
    administrator, *, state: str = CheckState.VERIFIED, **declared
) -> OrganisationAccount:
    """Return an association declared by the account `administrator`, checked by nobody in fact."""
    fields = {"name": "Les Jardins de Massy", "kind": "association", "rna": RNA, "siret": ""}
    made = declare_organisation(
        account=administrator, language="fr", now=timezone.now(), **{**fields, **declared}
    )
    made.state = state
    made.save(update_fields=["state"])
    return made


def make_member(organisation, account, role: str = MemberRole.MEMBER) -> OrganisationMember:
    return OrganisationMember.objects.create(
        organisation=organisation, account=account, role=role, joined_at=timezone.now()
    )
