"""What keeps happening: requests of one category, at one place, in alike words, within a window.

Each member of a group is alike to one and the same request, its centre: two requests that have
nothing in common are not brought together by a chain of others between them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, combinations, islice
from typing import Any

from django.db import connection

from massy_grc.common.text import fold
from prestations.forms.answers import listed
from prestations.streets.distances import Point, box_around, metres_between
from requests.enums import State
from requests.models import ServiceRequest
from requests.permissions import COMPLAINTS_TEAM

WINDOW = timedelta(days=90)
LATELY = timedelta(days=30)
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
    """What one request tells: of which kind, where, in which words, when and until when."""

    pk: int
    category: str
    street: str | None
    spot: Point | None
    words: str
    arrived: datetime
    closed: datetime | None


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

    A group has two members at least.

    Args:
        together: keys of requests known to tell of the same; each list stays one group.
    """
    near: dict[int, set[int]] = {one.pk: set() for one in told}
    pairs = _near(told)
    while batch := list(islice(pairs, BATCH)):
        for one, other in _alike(batch):
            near[one].add(other)
            near[other].add(one)
    return around_centres(near, [[pk for pk in keys if pk in near] for keys in together])


def around_centres(
    near: Mapping[int, Collection[int]], together: Iterable[Sequence[int]] = ()
) -> list[list[int]]:
    """Group what is near one centre, the ones with most neighbours first; each is in one group.

    Args:
        near: the neighbours of each, in both directions, in the order in which groups are told.
        together: groups that stay whole; what is near their own centre joins them.

    Returns:
        Groups of two at least.
    """
    order = {pk: place for place, pk in enumerate(near)}
    known = [list(keys) for keys in together if keys]
    taken = {pk for keys in known for pk in keys}
    groups = []
    for keys in known:
        centre = max(keys, key=lambda pk: (len(set(near[pk]) & set(keys)), -order[pk]))
        joining = set(near[centre]) - taken
        taken |= joining
        groups.append({*keys, *joining})
    for pk in sorted(near, key=lambda pk: (-len(near[pk]), order[pk])):
        if pk not in taken:
            group = {pk, *near[pk]} - taken
            taken |= group
            groups.append(group)
    return [sorted(group, key=order.__getitem__) for group in groups if len(group) > 1]


def is_going_on(group: Sequence[Told], now: datetime) -> bool:
    """Whether it is worth a problem: half of it is open, or it came back lately after a closing."""
    if 2 * sum(one.closed is None for one in group) >= len(group):
        return True
    back = came_back([(one.arrived, one.closed) for one in group])
    return any(now - arrived <= LATELY for arrived in back)


def came_back(lives: Collection[tuple[datetime, datetime | None]]) -> list[datetime]:
    """When the same was told again although some of it had been closed.

    Args:
        lives: arrival and closing of each request.
    """
    closings = [closed for _arrived, closed in lives if closed is not None]
    return [arrived for arrived, _closed in lives if closings and arrived > min(closings)]


def own_words(row: ServiceRequest) -> str:
    """What its requester wrote, as they wrote it: the longest text of its answers."""
    given = row.answers.get("reponses", {}).values()
    return max((text for text in given if isinstance(text, str)), key=len, default=row.subject)


def words_of(row: ServiceRequest) -> str:
    """Its words are the answers' own, codes included, without the label that all share."""
    given = chain.from_iterable(map(listed, row.answers.get("reponses", {}).values()))
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
        arrived=row.arrived_at,
        closed=row.closed_at,
    )


def _near(told: Iterable[Told]) -> Iterator[tuple[Told, Told, float]]:
    """Pairs of one category at one place, each once, with how alike their words have to be."""
    kinds: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        kinds[one.category].append(one)
    for rows in kinds.values():
        for one, other in combinations(rows, 2):
            if not (one.street or other.street or one.spot or other.spot):
                yield one, other, ALIKE_ANYWHERE
            elif _at_one_place(one, other):
                yield one, other, ALIKE


def _at_one_place(one: Told, other: Told) -> bool:
    """By their coordinates when both have some: a street may be a kilometre long."""
    if one.spot and other.spot:
        return _close(one.spot, other.spot)
    return one.street is not None and one.street == other.street


def _close(one: Point, other: Point) -> bool:
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
