"""Finding a place in the street register: what was typed, what is like it, what is near."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Max, Min, QuerySet, Value

from massy_grc.common.likeness import like_enough
from prestations.models import Address, Street
from prestations.streets.distances import Point, box_around, metres_between, within
from prestations.streets.names import KINDS, canonical, number_and_suffix

REACH = 150  # metres from a pin to the address that names it
LIKE_ENOUGH = 0.5  # of the trigrams of a word: « moskou » finds « Moscou »
TELLING = 3  # letters from which a word may be misspelt and still tell
WORDS_AT_MOST = 8
OUTSKIRTS = 1000  # metres around the register's outermost places that still are the town


@dataclass(frozen=True)
class Match:
    """What the register knows of an address: its street, and its number when that is there too."""

    street: Street
    address: Address | None = None

    @property
    def point(self) -> Point | None:
        """Where it is; the middle of the street without a known number."""
        known = self.address or self.street
        if known.latitude is None or known.longitude is None:
            return None
        return Point(known.latitude, known.longitude)


def active_streets() -> QuerySet[Street]:
    """The streets in use, by name."""
    return Street.objects.filter(is_active=True)


def match(street: str, number: str | None = None, postcode: str | None = None) -> Match | None:
    """Return the register's own entry for a street typed in full, or None.

    Args:
        number: « 12 bis »; an unknown one still gives the street.
        postcode: when it was typed, the street must have it.
    """
    found = active_streets().filter(folded=canonical(street))
    if postcode:
        found = found.filter(postcode=postcode)
    known = found.first()
    if known is None:
        return None
    parts = number_and_suffix(number) if number else None
    address = (
        Address.objects.filter(
            street=known, number=parts[0], suffix=parts[1], is_active=True
        ).first()
        if parts
        else None
    )
    return Match(known, address)


def streets_like(text: str, limit: int) -> list[Street]:
    """Return streets whose names hold the beginning of each word of `text`, then look-alikes.

    Two queries at most; a trigram index serves both.
    """
    wanted = canonical(text)
    if len(wanted) < 2:
        return []
    words = wanted.split()[:WORDS_AT_MOST]
    found = active_streets()
    for word in words:
        found = found.filter(folded__contains=word)
    rows = sorted(found[: limit * 4], key=lambda row: (not row.folded.startswith(wanted), row.name))
    if len(rows) < limit:
        rows += _look_alikes(words, {row.pk for row in rows}, limit - len(rows))
    return rows[:limit]


def _look_alikes(words: list[str], but_for: set[str], limit: int) -> list[Street]:
    """Streets with a word like each one that tells: « mermos jean », « 12 rue de Moskou »."""
    telling = [word for word in words if len(word) >= TELLING and word not in KINDS]
    if not telling:
        return []
    found = active_streets().exclude(pk__in=but_for)
    for word in telling:
        found = found.filter(folded__trigram_word_similar=word)
    alike = sum((TrigramWordSimilarity(word, "folded") for word in telling), Value(0.0))
    with like_enough(LIKE_ENOUGH, found.db):
        return list(found.annotate(alike=alike).order_by("-alike", "folded")[:limit])


def nearest(point: Point) -> Match | None:
    """Return the address nearest to `point` within `REACH`, else the nearest street's middle."""
    box = within(box_around(point, REACH))
    known = Address.objects.filter(is_active=True, street__is_active=True, **box)
    addresses = known.select_related("street")
    if address := min(addresses, key=lambda row: _metres(row, point), default=None):
        return Match(address.street, address)
    streets = active_streets().filter(**box)
    street = min(streets, key=lambda row: _metres(row, point), default=None)
    return Match(street) if street else None


def is_in_town(point: Point) -> bool:
    """Whether `point` lies where the register has places; False while it is empty."""
    ends = active_streets().aggregate(
        south=Min("latitude"), north=Max("latitude"), west=Min("longitude"), east=Max("longitude")
    )
    if ends["south"] is None:
        return False
    low = box_around(Point(ends["south"], ends["west"]), OUTSKIRTS)
    high = box_around(Point(ends["north"], ends["east"]), OUTSKIRTS)
    return low.south <= point.latitude <= high.north and low.west <= point.longitude <= high.east


def _metres(row: Address | Street, point: Point) -> float:
    return metres_between(Point(row.latitude or 0.0, row.longitude or 0.0), point)
