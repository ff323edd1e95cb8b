"""The register of processing in plain words: for each form, and for the public page."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prestations.enums import Holds, LegalBasis
from prestations.models import Prestation, Processing
from prestations.translation import catalogue_text

RIGHTS_PRESTATION = "rgpd-exercice-droits"
MONTHS_A_YEAR = 12
# What the months of a term are counted from, by what it applies to.
STARTS = {
    Holds.REQUESTS: _("après la fin de la demande"),
    Holds.CONTACTS: _("après votre question"),
    Holds.ACCOUNTS: _("après votre dernière connexion"),
    Holds.RECORDS: _("après l’effacement de votre dernière demande"),
    Holds.DELIVERIES: _("après l’envoi"),
    Holds.WALLET: _("après la fin de validité du document"),
}


@dataclass(frozen=True)
class Term:
    """How long something is kept, and why."""

    words: str
    why: str
    source: str


def term_words(months: int) -> str:
    """Say a term: « 3 mois », « 5 ans »."""
    if months % MONTHS_A_YEAR:
        return ngettext("%(count)d mois", "%(count)d mois", months) % {"count": months}
    years = months // MONTHS_A_YEAR
    return ngettext("%(count)d an", "%(count)d ans", years) % {"count": years}


class Notice:
    """What a form or the register says of one processing (RGPD art. 13).

    Args:
        processing: the entry of the register.
        prestation: the form's own; its departments are then named among the recipients.
    """

    def __init__(self, processing: Processing, prestation: Prestation | None = None) -> None:
        self.processing = processing
        self.prestation = prestation

    @property
    def basis(self) -> str:
        return str(LegalBasis(self.processing.basis).label)

    @property
    def readers(self) -> list[str]:
        """Who reads the data inside the town hall: the front office, and who treats."""
        prestation = self.prestation
        if prestation is None:
            return []
        places = [prestation.team.label]
        if prestation.expert_department:
            places.append(prestation.expert_department.label)
        return [catalogue_text(place) for place in places]

    @property
    def files(self) -> Term | None:
        """How long the documents that people send are kept."""
        one = self.processing
        return _term(one.files_months, one.files_why, one.files_source, one.holds)

    @property
    def kept(self) -> Term | None:
        """How long the rest is kept."""
        one = self.processing
        return _term(one.kept_months, one.kept_why, one.kept_source, one.holds)


def _term(months: int | None, why: str, source: str, holds: str) -> Term | None:
    if months is None:
        return None
    return Term(f"{term_words(months)} {STARTS[Holds(holds)]}", why, source)


def notice_of(prestation: Prestation) -> Notice | None:
    """Return what the form of `prestation` must say; None while the register knows it not."""
    return Notice(prestation.processing, prestation) if prestation.processing else None


def register() -> list[Notice]:
    """Return the whole register, in its order, each with the prestations in use it covers."""
    in_use = Prestation.objects.filter(is_active=True).order_by("order")
    entries = Processing.objects.filter(is_active=True).prefetch_related(
        Prefetch("prestations", queryset=in_use, to_attr="in_use")
    )
    return [Notice(entry) for entry in entries]
