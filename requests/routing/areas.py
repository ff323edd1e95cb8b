"""Sectors of the town: polygons of WGS 84 degrees, as GeoJSON writes them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Position = Sequence[float]  # longitude, latitude
Ring = Sequence[Position]

FEWEST_CORNERS = 3


def is_inside(rings: Sequence[Ring], longitude: float, latitude: float) -> bool:
    """Whether a point lies in an area: even-odd rule, so that an inner ring is a hole.

    Args:
        rings: each a series of corners; whether the last repeats the first changes nothing.
    """
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            crosses = (y1 > latitude) != (y2 > latitude)
            if crosses and longitude < x1 + (x2 - x1) * (latitude - y1) / (y2 - y1):
                inside = not inside
    return inside


def read_area(data: Any) -> list[list[list[float]]]:
    """Return the rings of a GeoJSON polygon or multipolygon, alone, in a feature or in a collection
    with others; bare coordinates are taken too.

    Raises:
        ValueError: it is none of these, or a ring is no ring.
    """
    if isinstance(data, dict):
        if data.get("type") == "FeatureCollection":
            features = data.get("features")
            if not isinstance(features, list) or not features:
                raise ValueError("no feature")
            return [ring for feature in features for ring in read_area(feature)]
        if data.get("type") == "Feature":
            return read_area(data.get("geometry"))
        coordinates = data.get("coordinates")
        if data.get("type") == "MultiPolygon" and isinstance(coordinates, list):
            return [ring for polygon in coordinates for ring in read_area(polygon)]
        if data.get("type") != "Polygon":
            raise ValueError("no polygon")
        return read_area(coordinates)
    if not isinstance(data, list) or not data:
        raise ValueError("no coordinates")
    return [_ring(ring) for ring in (data if _depth(data) == 3 else [data])]


def _depth(data: Any) -> int:
    return 1 + _depth(data[0]) if isinstance(data, list) and data else 0


def _ring(corners: Any) -> list[list[float]]:
    if not isinstance(corners, list):
        raise ValueError("no ring")
    given = [_position(corner) for corner in corners]
    following = given[1:] + given[:1]
    ring = [one for one, after in zip(given, following, strict=True) if one != after]
    if len({tuple(corner) for corner in ring}) < FEWEST_CORNERS:
        raise ValueError("a ring has three corners at least")
    return ring


def _position(corner: Any) -> list[float]:
    if not isinstance(corner, list) or len(corner) < 2:
        raise ValueError("no position")
    longitude, latitude = corner[:2]
    for value, limit in ((longitude, 180), (latitude, 90)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
            raise ValueError("no degrees")
    return [float(longitude), float(latitude)]
