"""What the wallet says in a citizen's words."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.words import first_in_french
from requests.enums import WalletKind
from requests.models import WalletDocument

OWN = {
    WalletKind.IDENTITY: gettext_lazy("ma pièce d’identité"),
    WalletKind.HOME: gettext_lazy("mon justificatif de domicile"),
    WalletKind.FAMILY: gettext_lazy("mon livret de famille"),
    WalletKind.TAX: gettext_lazy("mon avis d’imposition"),
    WalletKind.BANK: gettext_lazy("mon relevé d’identité bancaire"),
    WalletKind.QUOTIENT: gettext_lazy("mon attestation de quotient familial"),
    WalletKind.INSURANCE: gettext_lazy("mon attestation d’assurance scolaire"),
    WalletKind.VEHICLE: gettext_lazy("mon certificat d’immatriculation"),
}


@dataclass(frozen=True)
class Offer:
    """A kept document that a question of a form may take, and the words of its button."""

    pk: int
    words: str
    name: str


def offer_of(document: WalletDocument) -> Offer:
    """« Utiliser mon justificatif de domicile du 3 mars », or until when it is valid."""
    words = {"mine": OWN[WalletKind(document.kind)]}
    if document.issued_on:
        said = _("Utiliser %(mine)s du %(day)s") % {**words, "day": _day(document.issued_on)}
    elif document.valid_until:
        day = _day(document.valid_until)
        said = _("Utiliser %(mine)s, valable jusqu’au %(day)s") % {**words, "day": day}
    else:
        said = _("Utiliser %(mine)s") % words
    return Offer(document.pk, said, document.name)


def _day(day: date) -> str:
    """« 3 mars », with its year when it is not this one."""
    words = date_format(day, "j F" if day.year == timezone.localdate().year else "j F Y")
    return first_in_french(words, day)
