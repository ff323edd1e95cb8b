"""Refusals about the catalogue; their message tells a person what to do."""

from django.utils.translation import gettext_lazy as _


class CatalogueError(Exception):
    """An act on the catalogue was refused."""

    message = _("Cela n’est pas possible.")

    def __str__(self) -> str:
        return str(self.message)


class UnfitForm(CatalogueError):
    """The form has no questions for this audience."""

    message = _("Le formulaire de cette prestation ne convient pas à ce public.")


class LastAudience(CatalogueError):
    """A prestation is for somebody."""

    message = _("Une prestation s’adresse au moins à un public : ouvrez-en d’abord un autre.")
