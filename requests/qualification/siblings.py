"""Prestations that differ by their site alone are one to guess; the text names the site."""

from collections.abc import Iterable

from massy_grc.common.text import fold
from prestations.models import Prestation

COMMON = {"mairie", "de", "la", "le", "du", "des"}


class Siblings:
    """The prestations that may be guessed, those of one kind under one label.

    Args:
        prestations: with their sites and current form.
    """

    def __init__(self, prestations: Iterable[Prestation]) -> None:
        self._by_label: dict[str, list[Prestation]] = {}
        self.label_of: dict[str, str] = {}
        for one in prestations:
            key = self._label(one)
            self._by_label.setdefault(key, []).append(one)
            self.label_of[one.pk] = key

    def _label(self, prestation: Prestation) -> str:
        """The code of the first known one that differs by its site only; else its own."""
        for label, (first, *_others) in self._by_label.items():
            if _same_but_site(first, prestation):
                return label
        return prestation.pk

    def prestation(self, label: str, text: str) -> Prestation:
        """Return the prestation of a label whose site the text names; the first without."""
        words = set(fold(text).split())
        ranked = sorted(self._by_label[label], key=lambda one: not words & _site_words(one))
        return ranked[0]


def _same_but_site(one: Prestation, other: Prestation) -> bool:
    here, there = ({site.pk for site in two.sites.all()} for two in (one, other))
    at_one_site = len(here) == len(there) == 1 and here != there
    return at_one_site and one.category_id == other.category_id and _asked(one) == _asked(other)


def _asked(prestation: Prestation) -> list[str]:
    form = prestation.current_form
    return [field["name"] for field in form.definition["fields"]] if form else []


def _site_words(prestation: Prestation) -> set[str]:
    return {word for site in prestation.sites.all() for word in fold(site.label).split()} - COMMON
