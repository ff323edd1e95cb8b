"""Distances in a town, small enough for the earth to be flat: no geographic library is needed."""

import math
from typing import NamedTuple

METRES_A_DEGREE = 111_320.0


class Point(NamedTuple):
    """A place in WGS 84 degrees."""

    latitude: float
    longitude: float


class Box(NamedTuple):
    """Bounds in degrees, for a search that an index serves."""

    south: float
    north: float
    west: float
    east: float


def metres_between(one: Point, other: Point) -> float:
    """Return the distance in metres, right to a few centimetres within a town."""
    east = (one.longitude - other.longitude) * _shrink(one.latitude)
    north = one.latitude - other.latitude
    return math.hypot(east, north) * METRES_A_DEGREE


def box_around(point: Point, metres: float) -> Box:
    """Return the square that holds every place within `metres` of `point`."""
    north = metres / METRES_A_DEGREE
    east = north / _shrink(point.latitude)
    return Box(
        point.latitude - north,
        point.latitude + north,
        point.longitude - east,
        point.longitude + east,
    )


def within(box: Box) -> dict[str, float]:
    """The box as a filter on `latitude` and `longitude`."""
    return {
        "latitude__gte": box.south,
        "latitude__lte": box.north,
        "longitude__gte": box.west,
        "longitude__lte": box.east,
    }


def _shrink(latitude: float) -> float:
    return max(math.cos(math.radians(latitude)), 0.01)
