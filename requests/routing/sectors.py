"""What a sector holds of the town's addresses, beside the sectors of the other rules."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from prestations.models import Address, Prestation
from prestations.streets.distances import Point, metres_between
from requests.models import RoutingRule
from requests.routing.areas import Position, Ring
from requests.routing.conditions import Conditions
from requests.routing.sense import rules_in_use
from requests.routing.shapes import Edge, cross, crossing
from requests.routing.written import conditions_of

SAMPLE = 5  # addresses named of many
CELL = 0.002  # degrees: a square of some 150 to 220 metres
CELLS_AWAY = 10  # beyond, a place is near no address of the town
_latitude = attrgetter("latitude")


class House(NamedTuple):
    """An address of the register, as far as sectors need it."""

    street: str
    number: int
    label: str
    longitude: float
    latitude: float


class Register:
    """The town's addresses, read at once however many sectors are looked at."""

    @cached_property
    def houses(self) -> list[House]:
        rows = (
            Address.objects.filter(is_active=True, street__is_active=True)
            .order_by("street__folded", "number", "suffix")
            .values_list("street_id", "number", "suffix", "street__name", "longitude", "latitude")
        )
        return [
            House(street, number, f"{number} {suffix}".strip() + f" {name}", longitude, latitude)
            for street, number, suffix, name, longitude, latitude in rows
            if longitude is not None and latitude is not None
        ]

    def within(self, conditions: Conditions) -> set[House]:
        """The addresses of a sector: in its outlines, or in one of its streets."""
        found = {
            house
            for house in self.houses
            if conditions.streets and conditions.hold_house(house.street, house.number)
        }
        return found | self._inside(conditions.area)

    def _inside(self, rings: Sequence[Ring]) -> set[House]:
        """The addresses in outlines, as `is_inside` has it: each line looks at those beside it."""
        inside: set[House] = set()
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                low, high = sorted((y1, y2))
                first = bisect_left(self._northward, low, key=_latitude)
                last = bisect_left(self._northward, high, key=_latitude)
                inside ^= {
                    one
                    for one in self._northward[first:last]
                    if one.longitude < x1 + (x2 - x1) * (one.latitude - y1) / (y2 - y1)
                }
        return inside

    @cached_property
    def _northward(self) -> list[House]:
        return sorted(self.houses, key=_latitude)

    def sample(self, houses: set[House]) -> list[str]:
        """Some of many addresses, spread over the streets."""
        known = [house.label for house in self.houses if house in houses]
        step = max(len(known) // SAMPLE, 1)
        return known[::step][:SAMPLE]

    def near(self, place: Position) -> str:
        """Where a place is, by the nearest address: « 12 rue Jean Mermoz », « à 80 m du … »."""
        point = Point(latitude=place[1], longitude=place[0])
        best, least = None, 0.0
        for house in self._around(place):
            metres = metres_between(Point(house.latitude, house.longitude), point)
            if best is None or metres < least:
                best, least = house, metres
        if best is None:
            return _("loin de toute adresse de la commune")
        metres = round(least, -1 if least > 10 else 0)
        told = _("à %(metres)d m de l’adresse %(address)s") % {
            "metres": metres,
            "address": best.label,
        }
        return told if metres else best.label

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[House]]:
        cells: dict[tuple[int, int], list[House]] = {}
        for house in self.houses:
            cells.setdefault(_cell(house.longitude, house.latitude), []).append(house)
        return cells

    def _around(self, place: Position) -> Iterator[House]:
        """Addresses from the cells nearest to a place, and from those one farther."""
        column, line = _cell(*place[:2])
        farthest = CELLS_AWAY
        for away in range(CELLS_AWAY + 1):
            if away > farthest:
                return
            for x in range(column - away, column + away + 1):
                for y in range(line - away, line + away + 1):
                    if max(abs(x - column), abs(y - line)) == away and (x, y) in self._cells:
                        farthest = min(farthest, away + 1)
                        yield from self._cells[x, y]


@dataclass(frozen=True)
class Overlap:
    """Another sector that holds addresses of this one.

    Attributes:
        number: of the addresses in both; 0: the outlines cross where nobody lives.
        sample: some of them.
        meets: whether one request can be of both rules.
        first: whether the other rule is looked at before this one.
    """

    rule: RoutingRule
    name: str
    number: int
    sample: list[str]
    meets: bool
    first: bool


@dataclass(frozen=True)
class Checked:
    """A sector beside the others: what it holds, what it shares, what is in none."""

    number: int
    overlaps: list[Overlap]
    outside: int
    outside_sample: list[str]


class Neighbour(NamedTuple):
    """The sector of another rule."""

    rule: RoutingRule
    name: str
    conditions: Conditions


def neighbours_of(rule: RoutingRule | None) -> list[Neighbour]:
    """The sectors of the other rules in use, in the order in which rules decide."""
    found = []
    for one in rules_in_use():
        if one == rule:
            continue
        conditions = conditions_of(one)
        if conditions.area or conditions.streets:
            found.append(Neighbour(one, conditions.sector or one.label, conditions))
    return found


def check_sector(
    conditions: Conditions,
    neighbours: Sequence[Neighbour],
    *,
    order: int | None,
    register: Register,
) -> Checked:
    """Compare a sector with the others.

    Args:
        order: of its rule; None for a new one, which comes last.
    """
    own = register.within(conditions)
    left = set(register.houses) - own
    overlaps, kinds = [], _Kinds()
    for one in neighbours:
        held = register.within(one.conditions)
        left -= held
        both = own & held
        if both or cross(conditions.area, one.conditions.area):
            overlaps.append(
                Overlap(
                    rule=one.rule,
                    name=one.name,
                    number=len(both),
                    sample=register.sample(both),
                    meets=kinds.meet(conditions, one.conditions),
                    first=order is None or one.rule.order < order,
                )
            )
    return Checked(len(own), overlaps, len(left), register.sample(left))


class _Kinds:
    """Whether two rules can speak of the same request; the catalogue is read when it is needed."""

    @cached_property
    def _categories(self) -> dict[str, str | None]:
        return dict(Prestation.objects.values_list("pk", "category_id"))

    def meet(self, one: Conditions, other: Conditions) -> bool:
        return (
            _may_share(one.requester_kinds, other.requester_kinds)
            and _may_share(one.channels, other.channels)
            and _may_share(self._of(one), self._of(other))
        )

    def _of(self, conditions: Conditions) -> set[str]:
        named = set(conditions.prestations)
        if conditions.categories:
            named |= {
                code
                for code, category in self._categories.items()
                if category in conditions.categories
            }
        return named


def _may_share(one: Iterable[str], other: Iterable[str]) -> bool:
    """Empty stands for all."""
    first, second = set(one), set(other)
    return not first or not second or not first.isdisjoint(second)


def crossing_words(rings: Sequence[Ring], register: Register | None = None) -> str:
    """Say where an outline crosses itself or another; "" for a sound sector."""
    found = crossing(rings)
    if found is None:
        return ""
    register = register or Register()
    named = {
        "one": _line_words(found.one, rings),
        "other": _line_words(found.other, rings),
        "place": register.near(found.point),
    }
    return (
        _(
            "Le contour se croise : %(one)s rencontre %(other)s, %(place)s."
            " Déplacez ou retirez l’un de ces points."
        )
        % named
    )


def _line_words(edge: Edge, rings: Sequence[Ring]) -> str:
    named = {
        "start": edge.rank + 1,
        "end": (edge.rank + 1) % len(rings[edge.ring]) + 1,
        "number": edge.ring + 1,
    }
    if len(rings) == 1:
        return _("le trait du point %(start)d au point %(end)d") % named
    return _("le trait du point %(start)d au point %(end)d du contour %(number)d") % named


def _cell(longitude: float, latitude: float) -> tuple[int, int]:
    return int(longitude // CELL), int(latitude // CELL)
