"""What waits for somebody to open a mail: a new account, a new password, another address."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import MailPurpose
from citizens.models.account import CitizenAccount


class MailRequest(models.Model):
    """Somebody asked for a mail at an address. A worker decides what it says.

    The page that takes the address therefore does the same work whoever owns it (R18).
    Purged after a few days.
    """

    purpose = models.CharField(max_length=12, choices=MailPurpose.choices)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    next_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("demande de message")

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class EmailChange(models.Model):
    """An account's change of address: takes effect once both ends have confirmed.

    `old_email` is empty for an account without an address; then the new one alone confirms.
    """

    account = models.ForeignKey(CitizenAccount, on_delete=models.CASCADE, related_name="+")
    old_email = models.EmailField(max_length=254, blank=True)
    new_email = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # made, cancelled, or replaced by another

    class Meta:
        verbose_name = _("changement d’adresse")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], name="one_email_change_at_a_time", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"

    @property
    def took_effect(self) -> bool:
        """Whether every end confirmed, so that the account has its new address."""
        whole = self.new_confirmed_at and (self.old_confirmed_at or not self.old_email)
        return bool(self.ended_at and whole)
