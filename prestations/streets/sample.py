"""Makes the sample of the street register that is shipped: `python -m prestations.streets.sample`.

The names are those of the data files and of the demo; courses, numbers and positions are invented
by the rules below, around the real middle of Massy. It is no copy of any database and is right
about no real place. The town loads its own file: `manage.py load_addresses FILE`.
"""

import csv
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, TextIO

from prestations.streets.distances import METRES_A_DEGREE, Point

INSEE, TOWN = "91377", "Massy"
MIDDLE = Point(48.7306, 2.2785)
HEADER = (
    *("uid_adresse", "cle_interop", "commune_insee", "commune_nom", "commune_deleguee_insee"),
    *("commune_deleguee_nom", "voie_nom", "lieudit_complement_nom", "numero", "suffixe"),
    *("position", "x", "y", "long", "lat", "cad_parcelles", "source", "date_der_maj"),
    "certification_commune",
)
SOURCE, DAY, ENTRANCE = "exemple inventé", "2026-01-01", "entrée"
AVENUE_STEP, STREET_STEP = 46.0, 27.0  # metres from one house to the next on the same side
SIDE = 9.0  # metres from the middle of the street to its houses

# Courses in metres east and north of the middle of the town.
AVENUES: dict[str, list[tuple[float, float]]] = {
    "avenue du Général-de-Gaulle": [(-1750, -620), (-700, -260), (240, 150), (1850, 420)],
    "avenue Carnot": [(-260, -1450), (-120, -420), (90, 480), (20, 1420)],
    "boulevard de la Paix": [(-1650, 760), (-560, 690), (420, 830), (1500, 1180)],
    "avenue de la Gare": [(520, -1400), (560, -560), (480, 260)],
    "avenue des Peupliers": [(-1320, -1180), (-1080, -120), (-1160, 900)],
    "chemin de la Carrière": [(1180, -1280), (1320, -420), (1560, 360), (1420, 1060)],
    "rue de l'Industrie": [(-1500, -1240), (-300, -1160), (1050, -1190)],
    "rue Jean Mermoz": [(-1080, 330), (-540, 380), (80, 470)],
    "rue du Nord": [(-900, 1180), (-200, 1230), (560, 1320)],
    "rue du Midi": [(-820, -820), (-160, -760), (480, -800)],
}
# Each takes the next place of a grid of blocks, turned and bent a little; squares are short.
STREETS = (
    *("rue de Moscou", "allée Jules Guesde", "rue Henri Gilbert", "allée des Tilleuls"),
    *("rue des Érables", "place des Arts", "rue Victor Hugo", "rue Pasteur"),
    *("rue de la République", "rue des Écoles", "rue du Moulin", "rue des Lilas"),
    *("rue des Acacias", "impasse des Jardins", "square du Belvédère", "rue Marie Curie"),
    *("rue Louis Braille", "allée du Parc", "rue du Clos", "rue de la Source"),
    *("allée du Grand-Bassin", "chemin du Repos", "rue Voltaire", "rue Émile Zola"),
    *("rue des Marronniers", "rue du Stade", "place de l'Église", "rue Jules Ferry"),
    *("sentier des Vignes", "rue de la Forêt", "allée des Cerisiers", "rue Claude Debussy"),
)
COLUMNS, BLOCK = 7, 410.0
LENGTHS = (330.0, 250.0, 380.0, 290.0)
BIS_EACH = 9  # one house in nine has a « bis » beside it


class Spot(NamedTuple):
    """Metres east and north of the middle of the town."""

    east: float
    north: float


def rows() -> Iterator[list[str]]:
    """Yield the lines of the file, header first; always the same."""
    yield list(HEADER)
    for rank, (name, course, step) in enumerate(_courses(), start=1):
        yield from _street_rows(f"{INSEE}_ex{rank:02d}", name, course, step)


def _courses() -> Iterator[tuple[str, list[Spot], float]]:
    for name, bends in AVENUES.items():
        yield name, [Spot(*bend) for bend in bends], AVENUE_STEP
    for rank, name in enumerate(STREETS):
        row, column = divmod(rank, COLUMNS)
        middle = Spot(
            (column - 3) * BLOCK + 60 * math.sin(rank * 1.7),
            (row - 2) * BLOCK + 70 * math.cos(rank * 2.3) + 120,
        )
        length = 110.0 if name.split()[0] in ("place", "square") else LENGTHS[rank % len(LENGTHS)]
        turn = math.radians((12 if rank % 2 else 101) + 9 * math.sin(rank))
        half = Spot(math.cos(turn) * length / 2, math.sin(turn) * length / 2)
        bend = Spot(
            middle.east - 0.06 * length * math.sin(turn),
            middle.north + 0.06 * length * math.cos(turn),
        )
        yield (
            name,
            [
                Spot(middle.east - half.east, middle.north - half.north),
                bend,
                Spot(middle.east + half.east, middle.north + half.north),
            ],
            STREET_STEP,
        )


def _street_rows(key: str, name: str, course: list[Spot], step: float) -> Iterator[list[str]]:
    length = sum(math.dist(*ends) for ends in pairwise(course))
    number = 1
    for house in range(int(length // step)):
        for side in (0, 1):  # odd numbers on the left, even ones on the right
            at = _along(course, (house + 0.5 + side * 0.3) * step, SIDE if side else -SIDE)
            yield _row(key, name, number + side, "", at)
            if (number + side) % BIS_EACH == 0:
                beside = _along(course, (house + 0.8 + side * 0.1) * step, SIDE if side else -SIDE)
                yield _row(key, name, number + side, "bis", beside)
        number += 2 if house % 3 else 4


def _along(course: list[Spot], metres: float, aside: float) -> Spot:
    """The place `metres` along the course, `aside` to its right."""
    for start, end in pairwise(course):
        length = math.dist(start, end)
        if metres <= length or end is course[-1]:
            east, north = (end.east - start.east) / length, (end.north - start.north) / length
            return Spot(
                start.east + east * metres + north * aside,
                start.north + north * metres - east * aside,
            )
        metres -= length
    return course[-1]


def _row(key: str, name: str, number: int, suffix: str, at: Spot) -> list[str]:
    latitude = MIDDLE.latitude + at.north / METRES_A_DEGREE
    shrink = math.cos(math.radians(MIDDLE.latitude))
    longitude = MIDDLE.longitude + at.east / (METRES_A_DEGREE * shrink)
    parts = [key, f"{number:05d}", *([suffix] if suffix else [])]
    return [
        *("", "_".join(parts), INSEE, TOWN, "", "", name, "", str(number), suffix, ENTRANCE),
        *("", "", f"{longitude:.6f}", f"{latitude:.6f}", "", SOURCE, DAY, "0"),
    ]


def write(stream: TextIO) -> None:
    """Write the file."""
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(rows())


if __name__ == "__main__":
    write(sys.stdout)
