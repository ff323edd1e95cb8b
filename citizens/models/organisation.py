"""The account of an organisation: what it declared, who may act for it, who is invited."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import ChangeState, CheckState, MemberRole, OrganisationKind
from citizens.models.account import CitizenAccount
from citizens.models.person import Organisation
from citizens.querysets import OrganisationAccountQuerySet


class OrganisationAccount(models.Model):
    """An association or a business whose members file and follow together.

    Written by `citizens.actions`. Several accounts may declare one number: none of them learns of
    the others, an agent tells which one is right. `organisation` is the town's own record of that
    number; the name shown to the members is the one they declared.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accounts"
    )
    name = models.CharField(_("nom"), max_length=250)
    kind = models.CharField(max_length=25, choices=OrganisationKind.choices)
    siret = models.CharField(_("numéro SIRET"), max_length=14, blank=True)
    rna = models.CharField(_("numéro RNA"), max_length=10, blank=True)
    address = models.CharField(_("adresse du siège"), max_length=300, blank=True)
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.PENDING)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # its requests stay, nobody acts for it any more

    objects = OrganisationAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte d’organisme")
        verbose_name_plural = _("comptes d’organismes")
        indexes = [
            # read by the agents' list: what waits for a check, oldest first
            models.Index(
                fields=["created_at"], name="organisation_unchecked", condition=Q(state="pending")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_file(self) -> bool:
        """Whether requests may be filed in its name: an agent has not refused it."""
        return self.state != CheckState.REFUSED

    @property
    def may_invite(self) -> bool:
        """Whether others may be invited in its name: an agent has verified it.

        The invitation is a mail of the town's to an address of anybody's choice.
        """
        return self.state == CheckState.VERIFIED


class OrganisationChange(models.Model):
    """A corrected name or seat: the members see it at once, the town's record once an agent agrees.

    All of them are the history of what the organisation called itself.
    """

    organisation = models.ForeignKey(
        OrganisationAccount, on_delete=models.CASCADE, related_name="changes"
    )
    account = models.ForeignKey(CitizenAccount, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    former_name = models.CharField(max_length=250)
    former_address = models.CharField(max_length=300, blank=True)
    name = models.CharField(_("nom"), max_length=250)
    address = models.CharField(_("adresse du siège"), max_length=300, blank=True)
    state = models.CharField(
        max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("correction d’un organisme")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                name="one_proposed_change_per_organisation",
                condition=Q(state="proposed"),
            )
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class OrganisationMember(models.Model):
    """Somebody who acts for an organisation, for as long as the row exists."""

    organisation = models.ForeignKey(
        OrganisationAccount, on_delete=models.CASCADE, related_name="members"
    )
    account = models.ForeignKey(
        CitizenAccount, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=15, choices=MemberRole.choices)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("membre d’un organisme")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"], name="one_membership_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_administrator(self) -> bool:
        return self.role == MemberRole.ADMINISTRATOR


class OrganisationInvitation(models.Model):
    """A mailed link that makes the account of its address a member: once, for seven days."""

    organisation = models.ForeignKey(
        OrganisationAccount, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=15, choices=MemberRole.choices)
    invited_by = models.ForeignKey(CitizenAccount, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(
        null=True
    )  # accepted, cancelled, replaced, or nobody left to join

    class Meta:
        verbose_name = _("invitation dans un organisme")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="one_invitation_per_address",
                condition=Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
