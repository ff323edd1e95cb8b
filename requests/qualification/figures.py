"""How well the classifier does, from what the agents said of its proposals."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from prestations.calendars import PARIS
from prestations.models import Prestation
from requests.enums import Verb
from requests.models import AutomaticThreshold, ClassifierVersion, Qualification
from requests.qualification.thresholds import thresholds_with
from requests.routing.misrouting import CORRECTED, decisions

PERIOD = timedelta(days=365)
CONFUSIONS_SHOWN = 12

Confusions = list[tuple[Prestation, Prestation, int]]


@dataclass
class Tally:
    """How often a guess was right.

    Attributes:
        settled: guesses that an agent has answered.
        first, three: of these, with the right one first, or among the three.
    """

    settled: int = 0
    first: int = 0
    three: int = 0

    def add(self, rank: int) -> None:
        self.settled += 1
        self.first += rank == 1
        self.three += rank >= 1

    @property
    def first_percent(self) -> int | None:
        return round(100 * self.first / self.settled) if self.settled else None

    @property
    def three_percent(self) -> int | None:
        return round(100 * self.three / self.settled) if self.settled else None


@dataclass
class Line:
    """One prestation: how often it was meant and found, and from which score it goes by itself.

    Attributes:
        percent: None: never.
        chosen: by the town; else as measured.
    """

    prestation: Prestation
    tally: Tally
    percent: int | None
    chosen: bool


@dataclass
class Quality:
    """What the page of the classifier shows.

    Attributes:
        automatic: requests that it routed by itself.
        misrouted: of these, those that an agent or a department sent elsewhere.
        months: a tally for each month, oldest first: a fall is a drift.
        confusions: (guessed, meant, times), the most frequent first, as the agents answered.
        tried: the same, on messages that the training had not seen: what there is on day one.
    """

    whole: Tally = field(default_factory=Tally)
    automatic: int = 0
    misrouted: int = 0
    months: list[tuple[date, Tally]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    confusions: Confusions = field(default_factory=list)
    tried: Confusions = field(default_factory=list)

    @property
    def misrouted_percent(self) -> int | None:
        return round(100 * self.misrouted / self.automatic) if self.automatic else None


def quality(now: datetime, version: ClassifierVersion | None) -> Quality:
    """Return the figures of the last `PERIOD`, and the thresholds in force.

    Args:
        version: the training in use.
    """
    found = Quality()
    known = Prestation.objects.in_bulk()
    months: dict[date, Tally] = {}
    meant: dict[str, Tally] = {}
    confused: Counter[tuple[str, str]] = Counter()
    since = now - PERIOD
    settled = Qualification.objects.filter(settled_at__gt=since, automatic=False)
    for one in settled.only("first_guess", "settled", "rank", "settled_at").iterator():
        guess, right, rank = one.first_guess_id, one.settled_id or "", one.rank or 0
        at = one.settled_at or now
        month = at.astimezone(PARIS).date().replace(day=1)
        tallies = (
            found.whole,
            months.setdefault(month, Tally()),
            meant.setdefault(right, Tally()),
        )
        for tally in tallies:
            tally.add(rank)
        if rank != 1 and guess:
            confused[guess, right] += 1
    found.months = sorted(months.items())
    found.automatic, found.misrouted = _routed(since)
    thresholds = thresholds_with(version)
    chosen = set(AutomaticThreshold.objects.values_list("prestation", flat=True))
    possible = [one for one in known.values() if one.is_open]
    found.lines = [
        Line(one, meant.get(one.pk, Tally()), thresholds.get(one.pk), one.pk in chosen)
        for one in sorted(possible, key=lambda one: (one.order, one.pk))
    ]
    found.confusions = [
        (known[guess], known[right], times)
        for (guess, right), times in confused.most_common(CONFUSIONS_SHOWN)
    ]
    found.tried = [
        (known[guess], known[right], times)
        for guess, right, times in (version.confusions if version else [])
        if guess in known and right in known
    ]
    return found


def _routed(since: datetime) -> tuple[int, int]:
    """How many were routed without an agent, and how many of these went wrong (S72)."""
    automatic = Qualification.objects.filter(made_at__gt=since, automatic=True)
    corrected = decisions().filter(
        CORRECTED, request=OuterRef("request"), verb=Verb.QUALIFY, data__has_key="score"
    )
    return automatic.count(), automatic.filter(Exists(corrected)).count()
