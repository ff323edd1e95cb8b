"""What an agent is asked before a letter leaves: the template's variables no request knows."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prestations.models import LetterTemplate
from requests.letters.engine import needs_of
from requests.letters.words import full_date


class Kind(Enum):
    """How a value is typed in."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    SITE = "site"
    LINK = "link"


@dataclass(frozen=True)
class Asked:
    """One value to give. `required` is False where the template can do without it."""

    name: str
    label: str | Promise
    kind: Kind
    required: bool = True

    @property
    def is_past(self) -> bool:
        """Whether it is the day of something done: today at the latest."""
        return self.name in DONE


# The agent's own words, typed in a large box.
OWN_WORDS: dict[str, str | Promise] = {
    "decision.texte": _("Décision ou suite donnée"),
    "decision.motifs": _("Constat ou motifs, en fait et en droit"),
    "intervention.compte_rendu": _("Compte rendu de l’intervention"),
    "article.texte": _("Réponse au citoyen"),
}
VALUES: dict[str, tuple[str | Promise, Kind]] = {
    "intervention.date": (_("Date de l’intervention"), Kind.DATE),
    "retrait.lieu": (_("Lieu de retrait"), Kind.SITE),
    "retrait.date_limite": (_("À retirer au plus tard le"), Kind.DATE),
    "transmission.administration": (_("Administration compétente"), Kind.TEXT),
    "transmission.adresse": (_("Adresse de cette administration"), Kind.TEXT),
    "transmission.date": (_("Date de la transmission"), Kind.DATE),
    "article.lien": (_("Lien pour aller plus loin"), Kind.LINK),
    "facture.numero": (_("Numéro de la facture"), Kind.TEXT),
    "facture.montant": (_("Montant, avec l’unité"), Kind.TEXT),
    "facture.mois": (_("Mois facturé"), Kind.TEXT),
    "facture.date_limite": (_("À régler au plus tard le"), Kind.DATE),
    "facture.lien_paiement": (_("Lien de paiement"), Kind.LINK),
    "qf.valeur": (_("Quotient familial"), Kind.TEXT),
    "qf.tranche": (_("Tranche"), Kind.TEXT),
    "qf.date_debut": (_("Valable à partir du"), Kind.DATE),
    "qf.date_fin": (_("Valable jusqu’au"), Kind.DATE),
    "famille.code": (_("Code famille"), Kind.TEXT),
    "famille.lien_portail": (_("Adresse du compte famille"), Kind.LINK),
    "liste.rang": (_("Rang sur la liste d’attente"), Kind.TEXT),
    "liste.date_prochaine_commission": (_("Date de la prochaine attribution"), Kind.DATE),
    "pv.autorite": (_("Autorité qui a envoyé le document"), Kind.TEXT),
    "pv.reference": (_("Référence de la décision notifiée"), Kind.TEXT),
    "pv.date_remise": (_("Date de la remise"), Kind.DATE),
    "pv.resultat": (_("Résultat de la remise"), Kind.TEXT),
}
DONE = frozenset({"intervention.date", "pv.date_remise", "transmission.date"})
# Follow another value: the hours of the chosen site.
DERIVED = {"retrait.horaires": "retrait.lieu"}


def asked_by(template: LetterTemplate) -> list[Asked]:
    """Return the values a person gives for `template`, in its own order, the words last."""
    needs = _needs(template)
    values = [
        Asked(name, *VALUES[name], required=required)
        for name, required in needs.items()
        if name in VALUES
    ]
    words = [
        Asked(name, OWN_WORDS[name], Kind.LONG, required=required)
        for name, required in needs.items()
        if name in OWN_WORDS
    ]
    return values + words


def main_words(template: LetterTemplate) -> Asked | None:
    """The variable the large text box fills: the first the template cannot leave without.

    Else the first that has room for words; None when the template has no room for any.
    """
    words = [asked for asked in asked_by(template) if asked.kind is Kind.LONG]
    return next((asked for asked in words if asked.required), words[0] if words else None)


def given_by_the_request(template: LetterTemplate) -> set[str]:
    """The variables that only the request itself can fill, and that the template must print."""
    askable = VALUES.keys() | OWN_WORDS.keys() | DERIVED.keys()
    return {name for name, required in _needs(template).items() if required} - askable


def names_collection(template: LetterTemplate) -> bool:
    """Whether it says where a document waits: it is of use only where there is one."""
    return "retrait.lieu" in _needs(template)


def in_words(name: str, value: str) -> str:
    """A kept value as the letter writes it."""
    if name in VALUES and VALUES[name][1] is Kind.DATE:
        return full_date(date.fromisoformat(value))
    return value


def _needs(template: LetterTemplate) -> dict[str, bool]:
    return needs_of(f"{template.subject}\n{template.body}")
