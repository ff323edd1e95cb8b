"""What keeps happening: requests of one category, at one place, in alike words, within a window."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, islice
from typing import Any

from django.db import connection

from massy_grc.common.text import fold
from prestations.streets.distances import Point, box_around, metres_between
from requests.enums import State
from requests.models import ServiceRequest
from requests.permissions import COMPLAINTS_TEAM

WINDOW = timedelta(days=90)
LEAST = 3  # requests that make a recurring dysfunction
METRES = 150  # between two places told apart by their coordinates
ALIKE = 0.3  # trigram similarity of the words, at one place
ALIKE_ANYWHERE = 0.45  # of complaints that name no place: about a service
COMPARED = 400  # characters of each text
BATCH = 5000  # pairs compared by one statement
_ALIKE = """
SELECT one, other
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::real[])
    AS pair (one, other, words, others, least)
WHERE similarity(words, others) >= least
"""
_HOW_ALIKE = """
SELECT pk, similarity(%s, words) FROM unnest(%s::bigint[], %s::text[]) AS known (pk, words)
"""


@dataclass(frozen=True)
class Told:
    """What one request tells: of which kind, where, in which words."""

    pk: int
    category: str
    street: str | None
    spot: Point | None
    words: str


def told_since(moment: datetime) -> list[Told]:
    """Return what Proximité's requests tell that arrived since `moment`, oldest first.

    Not those of restricted prestations: a problem's page would say that they exist. What was
    merged tells of nothing new.
    """
    rows = (
        ServiceRequest.objects.leading()
        .filter(
            team=COMPLAINTS_TEAM,
            arrived_at__gte=moment,
            anonymised_at=None,
            prestation__restricted="",
        )
        .exclude(state=State.ANNULEE)
    )
    return [_told(row) for row in rows.order_by("arrived_at", "pk")]


def recurring(told: Sequence[Told], together: Iterable[Sequence[int]] = ()) -> list[list[int]]:
    """Return the requests that tell of the same, as lists of keys in the order given.

    One joins a group by being alike to any of it; a group has two members at least. Two that are
    in one group already are not compared.

    Args:
        together: keys of requests known to tell of the same.
    """
    groups = {one.pk: {one.pk} for one in told}

    def unite(one: int, other: int) -> None:
        if groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for pk in groups[other]:
                groups[pk] = groups[one]

    for keys in together:
        known = [pk for pk in keys if pk in groups]
        for pk in known[1:]:
            unite(known[0], pk)
    apart = (pair for pair in _near(told) if groups[pair[0].pk] is not groups[pair[1].pk])
    while batch := list(islice(apart, BATCH)):
        for one, other in _alike(batch):
            unite(one, other)
    order = {one.pk: place for place, one in enumerate(told)}
    found = {id(group): sorted(group, key=order.__getitem__) for group in groups.values()}
    return [group for group in found.values() if len(group) > 1]


def words_of(row: ServiceRequest) -> str:
    """Its words are the answers' own, codes included, without the label that all share."""
    given = row.answers.get("reponses", {}).values()
    words = " ".join(text for text in given if isinstance(text, str)) or row.subject
    return fold(words)[:COMPARED]


def similarities(words: str, others: Mapping[int, str]) -> dict[int, float]:
    """How alike each of `others` is to `words`, from 0 to 1, by PostgreSQL's trigrams."""
    if not others:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HOW_ALIKE, [words, list(others), list(others.values())])
        return dict(cursor.fetchall())


def _told(row: ServiceRequest) -> Told:
    placed = row.latitude is not None and row.longitude is not None
    return Told(
        pk=row.pk,
        category=row.category_id,
        street=row.street_id,
        spot=Point(row.latitude or 0.0, row.longitude or 0.0) if placed else None,
        words=words_of(row),
    )


def _near(told: Iterable[Told]) -> Iterator[tuple[Told, Told, float]]:
    """Pairs of one category at one place, each once, with how alike their words have to be."""
    kinds: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        kinds[one.category].append(one)
    for rows in kinds.values():
        for one, other in combinations(rows, 2):
            if one.street is None and other.street is None and not (one.spot or other.spot):
                yield one, other, ALIKE_ANYWHERE
            elif (one.street and one.street == other.street) or _close(one.spot, other.spot):
                yield one, other, ALIKE


def _close(one: Point | None, other: Point | None) -> bool:
    if one is None or other is None:
        return False
    box = box_around(one, METRES)  # cheaper than the distance, and rules most out
    within = box.south <= other.latitude <= box.north and box.west <= other.longitude <= box.east
    return within and metres_between(one, other) <= METRES


def _alike(pairs: Sequence[tuple[Told, Told, float]]) -> list[tuple[int, int]]:
    """Those of the pairs whose words are alike enough, by PostgreSQL's trigrams."""
    columns: list[Any] = [
        [one.pk for one, _other, _least in pairs],
        [other.pk for _one, other, _least in pairs],
        [one.words for one, _other, _least in pairs],
        [other.words for _one, other, _least in pairs],
        [least for _one, _other, least in pairs],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, columns)
        return cursor.fetchall()
