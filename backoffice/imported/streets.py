"""An address file in an administrator's words: its mistakes, and what it changes."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.loading.problems import AddressFault, Problem
from prestations.models import Address, Street

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
    AddressFault.TWO_NAMES: gettext_lazy("La même voie porte un autre nom à la ligne %(other)s."),
    AddressFault.LOSS: gettext_lazy(
        "Plus d’un cinquième des adresses d’aujourd’hui disparaîtrait : le fichier est-il complet ?"
    ),
    AddressFault.NO_TOWN: gettext_lazy("Les références de la ville ne sont pas encore chargées."),
}
_PLACE = re.compile(r"line (?P<line>\d+)(, (?P<column>\w+))?")


def told(problem: Problem) -> str:
    """Say one mistake, with its line and its column."""
    words = str(WORDS[problem.fault])
    if problem.fault == AddressFault.TWO_NAMES:
        words %= {"other": problem.value}
    place = _PLACE.fullmatch(problem.path)
    if place is None:
        return words
    given = {"line": place["line"], "column": place["column"], "words": words}
    if place["column"]:
        return _("Ligne %(line)s, colonne %(column)s : %(words)s") % given
    return _("Ligne %(line)s : %(words)s") % given


@dataclass(frozen=True)
class RowChange:
    """A street or an address that comes, changes or goes; what it says before and after."""

    kind: str
    name: str
    before: dict[str, str] | None
    after: dict[str, str] | None


Rows = dict[tuple[str, str], tuple[str, dict[str, str]]]


def register_rows() -> Rows:
    """Return the streets and addresses in use by kind and key: their names, and what they say."""
    street_words, address_words = _("Rue"), _("Adresse")
    name, postcode, place = _("Nom"), _("Code postal"), _("Place")
    rows: Rows = {}
    for street in Street.objects.filter(is_active=True):
        said = {name: street.name, postcode: street.postcode, place: _place(street)}
        rows[street_words, street.pk] = street.name, said
    for address in Address.objects.filter(is_active=True).select_related("street"):
        rows[address_words, address.pk] = str(address), {place: _place(address)}
    return rows


def changes_between(before: Rows, after: Rows) -> list[RowChange]:
    """Return what comes, then what changes, then what goes."""
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if was != now:
            called = (now or was or ("",))[0]
            found.append(RowChange(key[0], called, was and was[1], now and now[1]))
    return sorted(found, key=lambda one: (one.before is not None, one.after is None))


def _place(row: Street | Address) -> str:
    if row.latitude is None or row.longitude is None:
        return ""
    return f"{row.latitude:.5f}, {row.longitude:.5f}"
