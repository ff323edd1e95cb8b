"""Outlines of sectors over the streets, drawn on the server: for pages without script, and to
compare two states of one."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prestations.streets.lookup import active_streets
from requests.routing.areas import Position, Ring

OWN, OTHER, BEFORE, AFTER = "own", "other", "before", "after"
WIDTH = 400  # units of the drawing: about one a pixel on a telephone
SHORTEST, TALLEST = 160, 400
MARGIN = 0.08  # of the drawing, around the outlines


@dataclass(frozen=True)
class Shape:
    """A sector to draw: its kind says how; its name is written in it."""

    kind: str
    rings: Sequence[Ring]
    name: str = ""
    lines: Sequence[Ring] = ()  # the courses of its streets, whole
    in_part: bool = False  # some of them count in part


@dataclass(frozen=True)
class Path:
    """A sector as SVG has it."""

    kind: str
    path: str
    lines: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """A drawing: its height for `WIDTH`, the streets' lines, the sectors.

    `in_part`: a street that counts in part is drawn whole.
    """

    height: int
    streets: list[str]
    paths: list[Path]
    in_part: bool = False
    width: int = WIDTH


def picture_of(shapes: Sequence[Shape]) -> Picture | None:
    """Return the outlines over the streets around them; None when there is nothing to draw.

    The drawing is as large as the sectors spoken of; the others are cut by its border.
    """
    spoken = [corner for one in shapes if one.kind != OTHER for corner in _corners(one)]
    if not spoken:
        return None
    frame = _Frame(spoken)
    streets = [
        frame.line(line)
        for line in active_streets().values_list("line", flat=True)
        if len(line) > 1 and any(frame.holds(point) for point in line)
    ]
    paths = [_path(one, frame) for one in shapes if one.rings or one.lines]
    return Picture(frame.height, streets, paths, in_part=any(one.in_part for one in shapes))


def _path(shape: Shape, frame: "_Frame") -> Path:
    """Its name is in the middle of what the drawing shows of it."""
    corners = [frame.place(corner) for corner in _corners(shape)]
    left, right = _seen((x for x, _y in corners), WIDTH)
    top, bottom = _seen((y for _x, y in corners), frame.height)
    drawn = " ".join(f"M{frame.line(ring)}Z" for ring in shape.rings)
    lines = " ".join(f"M{frame.line(line)}" for line in shape.lines)
    name = shape.name if left < right and top < bottom else ""
    return Path(
        shape.kind, drawn, lines, name, round((left + right) / 2), round((top + bottom) / 2)
    )


def _corners(shape: Shape) -> list[Position]:
    return [corner for line in (*shape.rings, *shape.lines) for corner in line]


def _seen(values: Iterable[float], end: float) -> tuple[float, float]:
    known = list(values)
    return max(min(known), 0.0), min(max(known), end)


class _Frame:
    """From degrees to the drawing's units."""

    def __init__(self, corners: Iterable[Position]) -> None:
        known = list(corners)
        west, east = min(one[0] for one in known), max(one[0] for one in known)
        south, north = min(one[1] for one in known), max(one[1] for one in known)
        self.shrink = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * self.shrink, 1e-6)
        upward = max(north - south, 1e-6)
        room = 1 - 2 * MARGIN
        self.scale = min(WIDTH * room / across, TALLEST * room / upward)
        self.height = round(max(SHORTEST, min(TALLEST, upward * self.scale / room)))
        self.west = (west + east) / 2 - WIDTH / self.scale / self.shrink / 2
        self.north = (south + north) / 2 + self.height / self.scale / 2

    def place(self, point: Position) -> tuple[float, float]:
        return (
            (point[0] - self.west) * self.shrink * self.scale,
            (self.north - point[1]) * self.scale,
        )

    def holds(self, point: Position) -> bool:
        x, y = self.place(point)
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    def line(self, points: Iterable[Position]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.place, points))
