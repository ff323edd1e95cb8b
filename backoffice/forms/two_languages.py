"""Texts that a form takes in French and in English."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prestations.translation import english_of

Texts = tuple[Mapping[str, Any], tuple[str, ...], Mapping[str, Any]]


def english_pairs(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    """What the form says in both languages: {French: English}."""
    return {
        values[name]: values[f"{name}_en"]
        for name in names
        if values.get(name) and values.get(f"{name}_en")
    }


def both(item: dict[str, Any], *names: str) -> dict[str, str]:
    """The initial texts of a form, in French and as English has them so far."""
    texts = {name: item.get(name) or "" for name in names}
    return texts | {f"{name}_en": english_of(text) or "" for name, text in texts.items()}


class TwoLanguages:
    """A form whose texts may be written anew in French while their English stays.

    Attributes:
        texts: a method of the form: its values, the names of their texts, what was shown of them.
    """

    texts: Callable[[], Iterator[Texts]]

    def english(self) -> dict[str, str]:
        """Its texts in both languages, without those that stayed behind."""
        behind = self.behind()
        return {
            french: english
            for values, names, _before in self.texts()
            for french, english in english_pairs(values, *names).items()
            if french not in behind
        }

    def behind(self) -> dict[str, str]:
        """The texts whose English is still that of the French before: {French: that English}."""
        return {
            values[name]: values[f"{name}_en"]
            for values, names, before in self.texts()
            for name in names
            if before.get(name)
            and values.get(name)
            and values.get(f"{name}_en")
            and values[name] != before[name]
            and values[f"{name}_en"] == before.get(f"{name}_en")
        }


def shown_before(rows: Any, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was shown of an answer, wherever it stands now among the others."""
    value = row.get("value")
    return next((one for one in rows.initial or () if value and one["value"] == value), {})
