"""The mistakes of an address file in an administrator's words."""

import re
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.loading.problems import AddressFault, Problem

WORDS: dict[StrEnum, Promise] = {
    AddressFault.UNREADABLE: gettext_lazy("Ce fichier ne se lit pas comme un texte UTF-8."),
    AddressFault.NOT_CSV: gettext_lazy("Cette ligne ne se lit pas comme du CSV."),
    AddressFault.NO_COLUMN: gettext_lazy(
        "Cette colonne manque : il faut une BAL 1.3 (cle_interop, voie_nom…) ou un export de la"
        " BAN (id, nom_voie…)."
    ),
    AddressFault.OTHER_LENGTH: gettext_lazy("Cette ligne n’a pas autant de cases que l’en-tête."),
    AddressFault.NO_ADDRESS: gettext_lazy("Ce fichier n’a aucune adresse de la commune."),
    AddressFault.KEY: gettext_lazy("La clé n’a pas la forme 91377_0123_00012_bis."),
    AddressFault.OTHER_COMMUNE: gettext_lazy("La clé est celle d’une autre commune."),
    AddressFault.EMPTY: gettext_lazy("Le nom de la voie est vide."),
    AddressFault.TOO_LONG: gettext_lazy("Le nom de la voie dépasse 200 caractères."),
    AddressFault.NUMBER: gettext_lazy("Le numéro n’est pas un nombre de 0 à 9999."),
    AddressFault.NUMBER_OF_KEY: gettext_lazy("Le numéro n’est pas celui de la clé."),
    AddressFault.SUFFIX: gettext_lazy("Le suffixe n’est pas fait de lettres et de chiffres."),
    AddressFault.POSTCODE: gettext_lazy("Le code postal n’a pas cinq chiffres."),
    AddressFault.DEGREES: gettext_lazy("Cette coordonnée n’est pas en degrés."),
    AddressFault.FAR: gettext_lazy(
        "Ce lieu est à plus de 20 km des autres : coordonnées inversées, ou d’une autre ville ?"
    ),
    AddressFault.TWO_NAMES: gettext_lazy("La même voie porte un autre nom à une autre ligne."),
    AddressFault.LOSS: gettext_lazy(
        "Plus d’un cinquième des adresses d’aujourd’hui disparaîtrait : le fichier est-il complet ?"
    ),
    AddressFault.NO_TOWN: gettext_lazy("Les références de la ville ne sont pas encore chargées."),
}
_PLACE = re.compile(r"line (?P<line>\d+)(, (?P<column>\w+))?")


def told(problem: Problem) -> str:
    """Say one mistake, with its line and its column."""
    words = str(WORDS[problem.fault])
    place = _PLACE.fullmatch(problem.path)
    if place is None:
        return words
    given = {"line": place["line"], "column": place["column"], "words": words}
    if place["column"]:
        return _("Ligne %(line)s, colonne %(column)s : %(words)s") % given
    return _("Ligne %(line)s : %(words)s") % given
