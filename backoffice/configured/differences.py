"""What differs between two states of one object, part by part, in words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backoffice.comparing import Piece, compare
from backoffice.configured.fields import CHOICES, ROWS, SAID, SAYS, WITHIN
from backoffice.outlines import measure_words
from backoffice.sector_streets import span_words
from massy_grc.common.words import date_words, semicolons
from prestations.configuration.wording import part_words, title_of
from prestations.editing.wording import MODES, condition_words
from requests.routing.written import is_outline, is_span

BETWEEN = " › "
NAMED_BY = ("code", "name", "prestation", "value", "user", "label")
LONG = 60  # characters from which two texts are compared word by word
_ABSENT = object()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Rows = Callable[[], Any]
Labels = dict[Rows, dict[str, str]]


@dataclass(frozen=True)
class Part:
    """One step to where something stands: its key, and what people call it."""

    name: str
    words: str


Path = tuple[Part, ...]


class _Said(str):
    """Words, not a code that stands for some."""

    __slots__ = ()


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
        for path, old, new in _walk(words, (), before or {}, after or {})
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
    key = next((one.name for one in reversed(path) if part_words(one.name) != one.name), "")
    key = key or (path[-1].name if path else "")
    label = BETWEEN.join(one.words for one in path)
    return difference(label, words.value(key, old, path), words.value(key, new, path))


def _walk(words: "_Words", path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each smallest part that differs, with where it stands."""
    if old == new:
        return
    earlier, later = _parts(old), _parts(new)
    if earlier is None or later is None:
        yield path, old, new
        return
    is_list = isinstance(old, list) or isinstance(new, list)
    for name in dict.fromkeys([*earlier, *later]):
        was, now = earlier.get(name, _ABSENT), later.get(name, _ABSENT)
        if not is_list:
            yield from _walk(words, (*path, Part(name, words.part(name, path))), was, now)
        elif was != now:
            yield from _walk_item(words, path, name, was, now)
    if list(earlier) != list(later) and set(earlier) == set(later) and isinstance(old, list):
        was, now = (
            [_Said(words.item(name, path, one)) for name, one in parts.items()]
            for parts in (earlier, later)
        )
        yield (*path, Part("", _("ordre"))), was, now


def _walk_item(
    words: "_Words", path: Path, name: str, was: Any, now: Any
) -> Iterator[tuple[Path, Any, Any]]:
    """Yield what differs in one thing of a list, which its own words name rather than its code."""
    called = words.item(name, path, was if now is _ABSENT else now)
    old, new = _bare(was, name), _bare(now, name)
    both = was is not _ABSENT and now is not _ABSENT
    if both or _says(old) or _says(new):
        yield from _walk(words, (*path, Part(name, called)), old, new)
    else:  # it is there, or it is not
        yield (
            path,
            _ABSENT if was is _ABSENT else _Said(called),
            _ABSENT if now is _ABSENT else _Said(called),
        )


def _bare(item: Any, name: str) -> dict[str, Any]:
    """What a thing of a list says beside its code."""
    if item is _ABSENT:
        return {}
    named = next(key for key in NAMED_BY if str(item.get(key)) == name)
    return {key: one for key, one in item.items() if key != named or key == "label"}


def _says(item: dict[str, Any]) -> bool:
    """Whether a thing says more than what it is called."""
    title = title_of(item)
    return any(one not in (None, "", [], {}, title) for one in item.values())


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


class _Words:
    """Says keys and values as people read them; a table is read once at most."""

    def __init__(self, questions: list[dict[str, Any]], known: Labels) -> None:
        self.known = known
        self.form = {"fields": questions}
        self.asked = {one["name"]: str(one["label"]) for one in reversed(questions)}

    def part(self, name: str, path: Path) -> str:
        within = path[-1].name if path else ""
        if within == "numbers":
            return self._coded("streets", name)
        own = WITHIN.get((within, name))
        return str(own) if own else _day(part_words(name))

    def item(self, name: str, path: Path, item: Any) -> str:
        """What people call one thing of a list."""
        within = path[-1].name if path else ""
        return title_of(item) or self.asked.get(name) or self._coded(within, name)

    def value(self, key: str, value: Any, path: Path) -> str:
        if value is _ABSENT or value in (None, "", [], {}):
            return ""
        if isinstance(value, _Said):
            return value
        if isinstance(value, bool):
            return _("Oui") if value else _("Non")
        if key == "area" and is_outline(value):
            return measure_words(value)
        if key == "numbers" and isinstance(value, list) and all(map(is_span, value)):
            return semicolons(map(span_words, value))
        if isinstance(value, list):
            if all(isinstance(one, list) for one in value):  # hours of one day
                return ", ".join("–".join(map(str, one)) for one in value)
            return ", ".join(self.value(key, one, path) for one in value)
        if _is_condition(value):
            return condition_words(value, self.form)
        if isinstance(value, dict):
            said = ((name, self.value(name, one, path)) for name, one in value.items())
            return semicolons(f"{self.part(name, path)} {one}" for name, one in said if one)
        if any(one.name == "on_behalf" for one in path):  # which question says it of somebody
            value = self.asked.get(str(value), value)
        return self._coded(key, value)

    def _coded(self, key: str, value: Any) -> str:
        if key == "mode" and value in MODES:
            return str(MODES[value])
        for choices in CHOICES.get(key, ()):
            if value in choices.values:
                return str(choices(value).label)
        if value in SAID.get(key, ()):
            return str(SAID[key][value])
        if key in SAYS:
            return SAYS[key](str(value))
        if key in ROWS:
            return self._labels(ROWS[key]).get(str(value), str(value))
        return _day(str(value))

    def _labels(self, rows: Rows) -> dict[str, str]:
        if rows not in self.known:
            self.known[rows] = {str(row.pk): str(row) for row in rows()}
        return self.known[rows]
