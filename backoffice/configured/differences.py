"""What differs between two states of one object, part by part, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backoffice.comparing import Piece, compare
from backoffice.configured.fields import CHOICES, FIELDS, ROWS
from massy_grc.common.words import date_words
from prestations.editing.wording import MODES, PROPERTIES, condition_words

BETWEEN = " › "
NAMED_BY = ("code", "name", "prestation", "value", "user", "label")
LONG = 60  # characters from which two texts are compared word by word
_ABSENT = object()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Path = tuple[str, ...]
Labels = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Difference:
    """One part that differs: its name, what it said before, and what it says after; "": nothing.

    `pieces` compare two long texts word by word.
    """

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


def difference(label: str, before: str, after: str) -> Difference:
    """Return one part that differs, of which both sides are words already."""
    compared = min(len(before), len(after)) > LONG
    return Difference(label, before, after, tuple(compare(before, after)) if compared else ())


def differences(before: Any, after: Any, labels: Labels | None = None) -> list[Difference]:
    """Return what differs between two states; None stands for one that is not in use.

    Args:
        labels: the names that codes stand for, as far as they were read for other states.
    """
    words = _Words(_questions(after) + _questions(before), {} if labels is None else labels)
    found = (
        _difference(words, path, old, new)
        for path, old, new in _walk((), before or {}, after or {})
    )
    return [one for one in found if one.before != one.after]  # as people read them


def _questions(state: Any) -> list[dict[str, Any]]:
    """The questions of a form that a state holds: its conditions name them."""
    known = state or {}
    return [
        one
        for name in ("form_fields", "fields")
        for one in known.get(name) or ()
        if isinstance(one, dict) and {"name", "label"} <= one.keys()
    ]


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and {"field", "operator", "value"} <= value.keys()


def _difference(words: "_Words", path: Path, old: Any, new: Any) -> Difference:
    key = next((part for part in reversed(path) if part in FIELDS), path[-1] if path else "")
    label = BETWEEN.join(words.part(one) for one in path)
    return difference(label, words.value(key, old), words.value(key, new))


def _walk(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each smallest part that differs, with where it stands."""
    if old == new:
        return
    parts = _parts(old), _parts(new)
    earlier, later = parts
    if earlier is None or later is None:
        yield path, old, new
        return
    for name in dict.fromkeys([*earlier, *later]):
        yield from _walk((*path, name), earlier.get(name, _ABSENT), later.get(name, _ABSENT))
    if list(earlier) != list(later) and set(earlier) == set(later) and isinstance(old, list):
        yield (*path, _("ordre")), list(earlier), list(later)


def _parts(value: Any) -> dict[str, Any] | None:
    """What is compared part by part: a mapping, or a list of things that have a name."""
    if value is _ABSENT:
        return {}
    if _is_condition(value):
        return None
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and any(map(_is_condition, value)):
        return None
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for name in NAMED_BY:
            named = [str(one.get(name)) for one in value]
            if all(name in one for one in value) and len(set(named)) == len(named):
                return dict(zip(named, value, strict=True))
    return {} if value == [] else None


def _day(text: str) -> str:
    """Return a day as people read it; any other text as it is."""
    if not _DAY.fullmatch(text):
        return text
    try:
        return date_words(date.fromisoformat(text))
    except ValueError:
        return text


def part_words(name: str) -> str:
    """Return what people call a part of a state."""
    return str(FIELDS.get(name) or PROPERTIES.get(name) or _day(name))


class _Words:
    """Says keys and values as people read them; a table is read once at most for a field."""

    def __init__(self, questions: list[dict[str, Any]], known: Labels) -> None:
        self.known = known
        self.form = {"fields": questions}
        self.asked = {one["name"]: str(one["label"]) for one in reversed(questions)}

    def part(self, name: str) -> str:
        return self.asked.get(name) or part_words(name)

    def value(self, key: str, value: Any) -> str:
        if value is _ABSENT or value in (None, "", [], {}):
            return ""
        if isinstance(value, bool):
            return _("Oui") if value else _("Non")
        if isinstance(value, list):
            if all(isinstance(one, list) for one in value):  # hours of one day
                return ", ".join("–".join(map(str, one)) for one in value)
            return ", ".join(self.value(key, one) for one in value)
        if _is_condition(value):
            return condition_words(value, self.form)
        if isinstance(value, dict):
            return "; ".join(
                f"{self.part(name)} {self.value(name, one)}" for name, one in value.items()
            )
        return self._coded(key, value)

    def _coded(self, key: str, value: Any) -> str:
        if key in ROWS:
            return self._labels(key).get(str(value), str(value))
        if key == "mode" and value in MODES:
            return str(MODES[value])
        choices = CHOICES.get(key)
        if choices is not None and value in choices.values:
            return str(choices(value).label)
        return _day(str(value))

    def _labels(self, key: str) -> dict[str, str]:
        if key not in self.known:
            self.known[key] = {str(row.pk): str(row) for row in ROWS[key]()}
        return self.known[key]
