"""The document wallet: supporting documents that a citizen keeps for their next requests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import CitizenAccount
from requests.enums import WalletKind
from requests.models.documents import ReceivedFile, to_be_scanned


class WalletDocument(ReceivedFile):
    """A document of one account; no request, and no agent, has it until its owner joins a copy."""

    FOLDER = "wallet"

    account = models.ForeignKey(CitizenAccount, on_delete=models.CASCADE, related_name="wallet")
    kind = models.CharField(_("document"), max_length=40, choices=WalletKind.choices)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-id"]
        indexes = [
            # read by the daily reminder: what expires soon and was not told yet
            models.Index(
                fields=["valid_until"],
                name="wallet_to_remind",
                condition=Q(reminded_at=None, valid_until__isnull=False),
            ),
            to_be_scanned("wallet_to_scan"),
        ]
