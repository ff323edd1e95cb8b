"""Refusals about the catalogue; their message tells a person what to do."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _


class CatalogueError(Exception):
    """An act on the catalogue was refused."""

    message: str | Promise = _("Cela n’est pas possible.")

    def __str__(self) -> str:
        return str(self.message)


class ChangeRefused(CatalogueError):
    """A state of the configuration does not go with the rest of it."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        self.message = " ".join(self.faults)


class UnfitForm(CatalogueError):
    """The form has no questions for this audience."""

    message = _("Le formulaire de cette prestation ne convient pas à ce public.")


class BeyondPromise(CatalogueError):
    """A department's delay would outlive what the citizen is promised."""

    def __init__(self, *, days: int, promised: int):
        self.message = gettext(
            "Ce délai, %(days)s, dépasse la promesse faite au citoyen : %(promised)s au moins."
            " Réduisez-le."
        ) % {"days": _working_days(days), "promised": _working_days(promised)}


class ContractBeyondPromise(CatalogueError):
    """A contract gives a department longer than the citizen is promised, for some prestations."""

    def __init__(self, promised: Iterable[tuple[str, int]]):
        named = ", ".join(
            f"«\u00a0{label}\u00a0» ({_working_days(days)})" for label, days in promised
        )
        self.message = gettext(
            "Les délais du contrat dépassent la promesse faite au citoyen : %(named)s au"
            " moins. Réduisez-les, ou retirez ces prestations du contrat."
        ) % {"named": named}


class TakenTooLate(CatalogueError):
    """A department would have to give back what it need not have taken yet."""

    def __init__(self, *, days: int, returned: int):
        self.message = gettext(
            "La prise en charge (%(days)s) ne peut pas venir après le retour du service"
            " (%(returned)s)."
        ) % {"days": _working_days(days), "returned": _working_days(returned)}


def _working_days(days: int) -> str:
    return ngettext("%(count)d jour ouvré", "%(count)d jours ouvrés", days) % {"count": days}


class EmptySections(CatalogueError):
    """A contract has five sections, all of them written."""

    def __init__(self, sections: Iterable[str | Promise]):
        self.message = _("Le contrat est incomplet : il y manque %(sections)s.") % {
            "sections": ", ".join(f"« {section} »" for section in sections)
        }


class RegimeMoved(CatalogueError):
    """The catalogue says something else than the page that was read."""

    message = _("Le catalogue a changé ce régime entre-temps : relisez-le avant de le confirmer.")


class LastAudience(CatalogueError):
    """A prestation is for somebody."""

    message = _("Une prestation s’adresse au moins à un public : ouvrez-en d’abord un autre.")


class StaleDraft(CatalogueError):
    """Somebody else has changed it since it was read."""

    message = _("Quelqu’un d’autre l’a modifié entre-temps.")


class StalePage(StaleDraft):
    """The same, of a page that is in force once saved; it shows again what was typed there."""

    message = format_lazy(
        "{} {}",
        StaleDraft.message,
        _("Ce que vous avez écrit est gardé ci-dessous : relisez, puis enregistrez."),
    )


class PreviewMoved(CatalogueError):
    """A file would do something else than the page that was read said."""

    message = _(
        "Le paramétrage a changé depuis l’aperçu : rien n’est importé. Voici ce que ferait le"
        " fichier maintenant : relisez, puis importez."
    )


class StillWrong(CatalogueError):
    """It cannot be in use as it is; `problems` say why (`prestations.editing.checking.Told`)."""

    message = _("Il reste des points à corriger.")

    def __init__(self, problems: Iterable[Any] = ()):
        self.problems: list[Any] = list(problems)


class NothingNew(CatalogueError):
    """The version says what the one in force says."""

    message = _("Rien n’a changé depuis la version en vigueur.")


class StillUsed(CatalogueError):
    """Something else needs it."""

    def __init__(self, labels: Iterable[str]):
        self.message = _("Elle sert encore : %(names)s.") % {"names": ", ".join(labels)}
