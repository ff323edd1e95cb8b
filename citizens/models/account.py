"""The citizen account (compte citoyen): a log-in that opens one person's own file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models.person import Citizen
from citizens.querysets import CitizenAccountQuerySet


class CitizenAccount(models.Model):
    """Ties a log-in to the record of its person. Written by `citizens.actions`.

    A closed account keeps its row: whoever comes back opens a new one on the same record.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="citizen_account"
    )
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="accounts")
    terms_version = models.CharField(_("conditions acceptées"), max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Nobody has signed in for long: told once, then once more (requests.actions.idle).
    warned_at = models.DateTimeField(null=True, blank=True)
    warned_again_at = models.DateTimeField(null=True, blank=True)

    objects = CitizenAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte citoyen")
        verbose_name_plural = _("comptes citoyens")
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"], name="one_open_account_per_citizen", condition=Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.citizen)


class SignedInDevice(models.Model):
    """A browser that holds a session of an account; without this row the session is over.

    The session points here, not the other way round: its key may change at any time. Neither
    the network address nor the browser's whole description is kept, only what its owner
    recognises.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices"
    )
    label = models.CharField(max_length=80)  # empty when its browser says nothing
    remembered = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("appareil connecté")

    def __str__(self) -> str:
        return self.label
