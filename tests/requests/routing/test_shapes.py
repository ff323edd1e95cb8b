"""Outlines of sectors: where they cross, what they measure, how other programs read them."""

import pytest

from requests.routing.areas import read_area
from requests.routing.shapes import as_geojson, cross, crossing, hectares, is_hole

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4]]
HOLE = [[1, 1], [3, 1], [3, 3], [1, 3]]
ISLAND = [[9, 0], [12, 0], [12, 3]]


# outlines, the ranks of the two lines that cross, where
CROSSED = [
    ([SQUARE, HOLE, ISLAND], None, None),
    ([SQUARE, [[0, 1], [1, 1], [1, 2]]], None, None),  # a hole may touch its border
    ([[[0, 0], [4, 4], [4, 0], [0, 4]]], (0, 2), (2, 2)),
    ([[[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]]], (0, 3), (2, 0)),  # it touches itself
    ([[[0, 0], [4, 0], [2, 0], [2, 3]]], (0, 1), (4, 0)),  # it goes back over itself
    ([SQUARE, [[3, 3], [6, 3], [6, 6]]], (1, 0), (4, 3)),
]


def test_a_sound_sector_and_where_another_crosses_itself():
    for rings, lines, where in CROSSED:
        found = crossing(read_area({"type": "Polygon", "coordinates": rings}))
        told = found and ((found.one.rank, found.other.rank), tuple(found.point))
        assert told == (where and (lines, where)), rings


def test_holes_are_left_out_and_written_with_their_outline():
    rings = read_area([ISLAND, HOLE, SQUARE])
    assert is_hole(rings) == [False, True, False]
    left = hectares([SQUARE]) - hectares([HOLE])
    assert hectares([SQUARE, HOLE]) == pytest.approx(left, 0.001)
    assert hectares([[[0, 0], [0.001, 0], [0.001, 0.001], [0, 0.001]]]) == pytest.approx(1.24, 0.01)
    written = as_geojson(rings)
    assert written["type"] == "MultiPolygon"
    assert [len(polygon) for polygon in written["coordinates"]] == [1, 2]
    assert read_area(written) == read_area([ISLAND, SQUARE, HOLE])
    assert cross([SQUARE], [[[3, 3], [6, 3], [6, 6]]])
    assert not cross([SQUARE], [[[4, 0], [6, 0], [6, 4], [4, 4]]])  # they share a border
