"""The streets of a sector as they are typed: one a line, whole or in part."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from backoffice.sector_pictures import Shape
from prestations.models import Street
from prestations.streets.lookup import active_streets
from prestations.streets.names import canonical
from requests.routing.conditions import Conditions
from requests.routing.numbers import EVEN, LAST, ODD, Span

_BETWEEN = r"(?P<first>[0-9]{1,4})\s*(?:à|to|-|–)\s*(?P<last>[0-9]{1,4})"
_RANGE = re.compile(_BETWEEN)
_SIDES = {"pair": EVEN, "pairs": EVEN, "even": EVEN, "impair": ODD, "impairs": ODD, "odd": ODD}
# « rue du Moulin 2-8 pairs »: what people write for « rue du Moulin, 2-8, pairs »
_WITHOUT_COMMA = re.compile(
    rf"(?P<name>.+?)(?P<between>\s{_BETWEEN})?(?P<side>\s(?:{'|'.join(_SIDES)}))?", re.IGNORECASE
)


@dataclass
class TypedStreets:
    """What was typed: the keys of the streets, the spans of those in part, and what is wrong.

    Attributes:
        unknown: names that the register does not have.
        faults: why the numbers of a line cannot be read, in words.
    """

    keys: list[str] = field(default_factory=list)
    numbers: dict[str, list[list]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_streets(text: str) -> TypedStreets:
    """Read streets typed one a line: « rue Jean Mermoz », « rue Jean Mermoz, 2 à 40, pairs ».

    The commas may be left out. A street that is also named without numbers counts whole.
    """
    typed = TypedStreets()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = [_parted(line) for line in lines]
    known = _keys(one[0] for both in parts for one in both)
    whole = set()
    for line, both in zip(lines, parts, strict=True):
        name, *limits = next((one for one in both if canonical(one[0]) in known), both[0])
        key = known.get(canonical(name))
        if key is None:
            typed.unknown.append(name)
            continue
        try:
            span = _span(limits)
        except ValueError as fault:
            typed.faults.append(_("« %(line)s » : %(why)s") % {"line": line, "why": fault})
            continue
        if key not in typed.keys:
            typed.keys.append(key)
        if limits:
            typed.numbers.setdefault(key, []).append(list(span))
        else:
            whole.add(key)
    typed.numbers = {key: spans for key, spans in typed.numbers.items() if key not in whole}
    return typed


def _parted(line: str) -> list[list[str]]:
    """A street and its limits: as the commas part them, then as numbers and words alone do."""
    typed = [part.strip() for part in line.split(",")]
    found = _WITHOUT_COMMA.fullmatch(typed[0])
    if found is None:
        return [typed]
    limits = [part.strip() for part in found.group("between", "side") if part]
    return [typed, [found["name"].strip(), *limits, *typed[1:]]]


def _keys(names: Iterable[str]) -> dict[str, str]:
    wanted = {canonical(name) for name in names}
    rows = active_streets().filter(folded__in=wanted).values_list("folded", "pk")
    found: dict[str, str] = {}
    for folded, key in rows:
        found.setdefault(folded, key)
    return found


def _span(limits: Sequence[str]) -> Span:
    """The part of a street that a line names.

    Raises:
        ValueError: it cannot be read; its words say why.
    """
    span = Span()
    for limit in limits:
        asked = limit.lower()
        between = _RANGE.fullmatch(asked)
        if asked in _SIDES:
            span = Span(span.first, span.last, _SIDES[asked])
        elif between is None:
            raise ValueError(_("écrivez les numéros comme « 2 à 40 », « pairs » ou « impairs »."))
        elif int(between["first"]) > int(between["last"]):
            raise ValueError(_("le premier numéro est plus grand que le dernier."))
        else:
            span = Span(int(between["first"]), int(between["last"]), span.side)
    return span


def streets_written(conditions: Conditions) -> list[str]:
    """Return the streets of a sector as they are typed, by name."""
    rows = Street.objects.filter(pk__in=conditions.streets)
    return [
        line
        for street in rows
        for line in (
            [f"{street.name}, {span_words(span)}" for span in conditions.numbers[street.pk]]
            if street.pk in conditions.numbers
            else [street.name]
        )
    ]


def courses_of(keys: Iterable[str]) -> dict[str, list]:
    """Return the courses of streets, by key, as far as the register knows them."""
    rows = Street.objects.filter(pk__in=list(keys)).values_list("pk", "line")
    return {key: line for key, line in rows if len(line) > 1}


def shape_of(kind: str, of: Conditions, courses: dict[str, list], name: str = "") -> Shape:
    """Return a sector to draw; its streets whole, since their courses know no numbers."""
    lines = [courses[key] for key in of.streets if key in courses]
    return Shape(kind, of.area, name, lines, in_part=any(key in courses for key in of.numbers))


def span_words(given: Sequence) -> str:
    """« 2 à 40, pairs »."""
    span = Span(*given)
    words = []
    if (span.first, span.last) != (1, LAST):
        words.append(_("%(first)d à %(last)d") % {"first": span.first, "last": span.last})
    if span.side:
        words.append(_("pairs") if span.side == EVEN else _("impairs"))
    return ", ".join(words)
