"""A point in a sector or out of it; GeoJSON as people paste it."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from requests.routing.areas import is_inside, read_area

SQUARE = [[2.26, 48.72], [2.30, 48.72], [2.30, 48.74], [2.26, 48.74]]
HOLE = [[2.27, 48.725], [2.28, 48.725], [2.28, 48.735], [2.27, 48.735]]
degrees = st.floats(-1, 1, allow_nan=False)
points = st.tuples(degrees, degrees)


@st.composite
def stars(draw):
    """A ring around the origin: at each of its angles a corner, at any distance."""
    count = draw(st.integers(3, 12))
    distances = draw(st.lists(st.floats(0.1, 1), min_size=count, max_size=count))
    angles = [2 * math.pi * turn / count for turn in range(count)]
    return [
        [far * math.cos(angle), far * math.sin(angle)]
        for far, angle in zip(distances, angles, strict=True)
    ]


def test_a_square_with_a_hole():
    assert is_inside([SQUARE], 2.275, 48.73)
    assert not is_inside([SQUARE, HOLE], 2.275, 48.73)
    assert is_inside([SQUARE, HOLE], 2.29, 48.73)
    assert not is_inside([SQUARE], 2.31, 48.73)


@given(stars())
def test_the_middle_of_a_star_is_in_it(ring):
    assume(len(ring) > 3)  # a triangle's angles may leave the middle on its edge
    assert is_inside([ring], 0, 0)


@given(stars(), points)
def test_where_the_ring_begins_and_turns_changes_nothing(ring, point):
    inside = is_inside([ring], *point)
    assert is_inside([[*ring[2:], *ring[:2]]], *point) == inside
    assert is_inside([[*ring, ring[0]]], *point) == inside


@given(stars(), st.floats(1.01, 5), st.floats(0, 2 * math.pi))
def test_far_away_is_outside(ring, far, angle):
    assert not is_inside([ring], far * math.cos(angle), far * math.sin(angle))


@given(stars(), st.integers(0, 11), st.floats(0, 0.98))
def test_what_lies_between_the_middle_and_a_corner_is_inside(ring, which, share):
    assume(len(ring) > 3)
    x, y = ring[which % len(ring)]
    assert is_inside([ring], x * share, y * share)


@given(points, st.floats(-1, 1), st.floats(-1, 1))
def test_a_cut_leaves_each_point_in_one_half(point, at, _other):
    """Two rectangles that share an edge: no point is in both, none between them is in neither."""
    left = [[-2, -2], [at, -2], [at, 2], [-2, 2]]
    right = [[at, -2], [2, -2], [2, 2], [at, 2]]
    assert is_inside([left], *point) != is_inside([right], *point)


@pytest.mark.parametrize(
    "data",
    [
        {"type": "Polygon", "coordinates": [[*SQUARE, SQUARE[0]]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE]]}}
            ],
        },
        [SQUARE],
        SQUARE,
        [[*corner, 75.0] for corner in SQUARE],  # with an altitude
    ],
)
def test_geojson_is_read_however_it_is_wrapped(data):
    assert read_area(data) == [SQUARE]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    several = {"type": "FeatureCollection", "features": [feature, feature]}
    assert read_area(several) == [SQUARE, SQUARE]


@pytest.mark.parametrize(
    "data",
    [
        None,
        "x",
        [],
        [[]],
        {},
        {"type": "Point", "coordinates": [2.2, 48.7]},
        {"type": "FeatureCollection", "features": []},
        {"type": "Feature", "geometry": None},
        {"type": "Polygon", "coordinates": [[[2.2, 48.7], [2.3, 48.7]]]},
        [[[2.2, 48.7], [2.3, 48.7], [2.2, 48.7], [2.3, 48.7]]],
        [[["a", 48.7], [2.3, 48.7], [2.3, 48.8]]],
        [[[True, 48.7], [2.3, 48.7], [2.3, 48.8]]],
        [[[float("nan"), 48.7], [2.3, 48.7], [2.3, 48.8]]],
        [[[2.2, 148.7], [2.3, 48.7], [2.3, 48.8]]],
    ],
)
def test_what_is_no_area_is_refused(data):
    with pytest.raises(ValueError):
        read_area(data)
