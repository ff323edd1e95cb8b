"""The shapes of sectors: where outlines cross, what they hold, what they measure."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from prestations.streets.distances import METRES_A_DEGREE
from requests.routing.areas import Position, Ring, is_inside

MOST_CORNERS, MOST_RINGS = 1_000, 100  # of one sector, for its pages to follow each gesture
HECTARE = 10_000  # square metres
LEVEL = 1e-15  # square degrees: three points are in line


class Edge(NamedTuple):
    """A line of an outline: the outline's number, the line's own (both from 0), its ends."""

    ring: int
    rank: int
    start: Position
    end: Position


class Crossing(NamedTuple):
    """Two lines of one sector that meet where they must not, and where."""

    one: Edge
    other: Edge
    point: Position


def crossing(rings: Sequence[Ring]) -> Crossing | None:
    """Return where an outline meets itself, or crosses another; None for a sound sector.

    Two outlines may touch, as a hole does the border around it.
    """
    for one, other in _near(_edges(rings)):
        apart = (one.rank - other.rank) % len(rings[one.ring])
        if one.ring != other.ring:
            point = _meeting(one, other, touching=False)
        elif apart in (1, len(rings[one.ring]) - 1):
            point = _turning_back(one, other)
        else:
            point = _meeting(one, other, touching=True)
        if point:
            first, second = sorted((one, other), key=lambda edge: edge[:2])
            return Crossing(first, second, point)
    return None


def cross(one: Sequence[Ring], other: Sequence[Ring]) -> bool:
    """Whether the outlines of two sectors cross; a border that both share does not count."""
    first = len(one)  # of the other's outlines, among all
    return any(
        (a.ring < first) != (b.ring < first) and _meeting(a, b, touching=False, along=False)
        for a, b in _near(_edges([*one, *other]))
    )


def hectares(rings: Sequence[Ring]) -> float:
    """What a sector measures, its holes left out."""
    if not rings:
        return 0.0
    signed = zip(rings, _around(rings), strict=True)
    degrees = sum(_degrees(ring) * (-1 if len(around) % 2 else 1) for ring, around in signed)
    return degrees * METRES_A_DEGREE**2 * math.cos(math.radians(rings[0][0][1])) / HECTARE


def is_hole(rings: Sequence[Ring]) -> list[bool]:
    """Which outlines are holes, in their order."""
    return [len(around) % 2 == 1 for around in _around(rings)]


def size_words(rings: Sequence[Ring]) -> str:
    """Say that a sector has too many points or outlines to be followed; "" where it has not."""
    points = sum(map(len, rings))
    if points > MOST_CORNERS:
        told = _(
            "Ce secteur a %(count)d points, et %(most)d au plus se suivent sur le plan :"
            " simplifiez-le dans le logiciel de cartes."
        )
        return told % {"count": points, "most": MOST_CORNERS}
    if len(rings) > MOST_RINGS:
        told = _(
            "Ce secteur a %(count)d contours, et %(most)d au plus se suivent sur le plan :"
            " réunissez-les dans le logiciel de cartes."
        )
        return told % {"count": len(rings), "most": MOST_RINGS}
    return ""


def as_geojson(rings: Sequence[Ring]) -> dict[str, Any]:
    """Write a sector as other programs read it: each hole with the outline that it lies in."""
    around = _around(rings)
    polygons = {rank: [ring] for rank, ring in enumerate(rings) if len(around[rank]) % 2 == 0}
    for rank, ring in enumerate(rings):
        if len(around[rank]) % 2:
            outer = max(around[rank], key=lambda one: len(around[one]))
            polygons.setdefault(outer, []).append(ring)
    closed = [
        [[list(corner) for corner in [*ring, ring[0]]] for ring in polygon]
        for polygon in polygons.values()
    ]
    if len(closed) == 1:
        return {"type": "Polygon", "coordinates": closed[0]}
    return {"type": "MultiPolygon", "coordinates": closed}


def _around(rings: Sequence[Ring]) -> list[list[int]]:
    """The outlines in which each one lies."""
    middles = [[(a + b) / 2 for a, b in zip(ring[0], ring[1], strict=True)] for ring in rings]
    return [
        [at for at, other in enumerate(rings) if at != rank and is_inside([other], *middle)]
        for rank, middle in enumerate(middles)
    ]


def _degrees(ring: Ring) -> float:
    x0, y0 = ring[0]  # near the origin the products lose no digits
    turned = (
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
    )
    return abs(sum(turned)) / 2


def _edges(rings: Sequence[Ring]) -> list[Edge]:
    return [
        Edge(number, rank, start, end)
        for number, ring in enumerate(rings)
        for rank, (start, end) in enumerate(pairwise([*ring, ring[0]]))
    ]


def _near(edges: list[Edge]) -> Iterator[tuple[Edge, Edge]]:
    """Pairs of lines whose boxes meet, swept along the axis on which lines are the shorter."""
    along = min((0, 1), key=lambda axis: sum(abs(one[2][axis] - one[3][axis]) for one in edges))
    spans = [(*_span(one, along), *_span(one, 1 - along), one) for one in edges]
    reached: list[tuple[float, float, float, Edge]] = []
    for start, end, low, high, edge in sorted(spans, key=lambda span: span[0]):
        reached = [one for one in reached if one[0] >= start]
        for _end, other_low, other_high, other in reached:
            if other_low <= high and other_high >= low:
                yield other, edge
        reached.append((end, low, high, edge))


def _span(edge: Edge, axis: int) -> tuple[float, float]:
    ends = edge.start[axis], edge.end[axis]
    return min(ends), max(ends)


def _side(start: Position, end: Position, point: Position) -> int:
    """On which side of a line a point lies: -1, 1, or 0 on it."""
    turned = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (
        point[0] - start[0]
    )
    return 0 if abs(turned) < LEVEL else 1 if turned > 0 else -1


def _meeting(one: Edge, other: Edge, *, touching: bool, along: bool = True) -> Position | None:
    """Where two lines meet; None when they do not.

    Args:
        touching: whether an end on the other line counts.
        along: whether lying on one another counts.
    """
    a, b = _side(*one[2:], other.start), _side(*one[2:], other.end)
    c, d = _side(*other[2:], one.start), _side(*other[2:], one.end)
    if a * b < 0 and c * d < 0:
        return _intersection(one, other)
    on_it = [
        *(end for side, end in ((a, other.start), (b, other.end)) if not side and _is_on(end, one)),
        *(end for side, end in ((c, one.start), (d, one.end)) if not side and _is_on(end, other)),
    ]
    if not any((a, b, c, d)):
        shared = {tuple(end) for end in on_it}
        return on_it[0] if (len(shared) > 1 and along) or (shared and touching) else None
    return on_it[0] if on_it and touching else None


def _turning_back(one: Edge, other: Edge) -> Position | None:
    """Where a line goes back over the one that it follows."""
    before, after = (one, other) if list(one.end) == list(other.start) else (other, one)
    ahead = (before.end[0] - before.start[0]) * (after.end[0] - after.start[0]) + (
        before.end[1] - before.start[1]
    ) * (after.end[1] - after.start[1])
    return before.end if not _side(*before[2:], after.end) and ahead < 0 else None


def _is_on(point: Position, edge: Edge) -> bool:
    """Whether a point in line with an edge lies between its ends."""
    return all(
        min(a, b) <= value <= max(a, b)
        for value, a, b in zip(point, edge.start, edge.end, strict=True)
    )


def _intersection(one: Edge, other: Edge) -> Position:
    (x1, y1), (x2, y2) = one[2:]
    (x3, y3), (x4, y4) = other[2:]
    share = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / (
        (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
    )
    return (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
