"""When a place is open: its weekly hours, public holidays, closures and shorter days.

Wall time of Paris throughout, so that 8:30 stays 8:30 across both clock changes. Not to be taken
for `calendars`, which counts the working days of deadlines: a town hall opens on Saturdays too.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from massy_grc.common.words import clock_words
from prestations.models import Closure
from prestations.translation import speaks_french

PARIS = ZoneInfo("Europe/Paris")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HORIZON_DAYS = 60  # no place stays closed longer without saying so itself

Hours = Mapping[str, Sequence[Sequence[str]]]
Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Opening:
    """Whether a place is open at one moment, until when, and when it opens next."""

    is_open: bool
    closes_at: datetime | None = None
    opens_at: datetime | None = None


@functools.cache
def _public_holidays(language: str = "fr") -> holidays.HolidayBase:
    return holidays.country_holidays("FR", language=language)


def is_public_holiday(day: date) -> bool:
    """Whether `day` is one of the eleven French public holidays (Code du travail L3133-1)."""
    return day in _public_holidays()


def coming_holidays(now: datetime, days: int = HORIZON_DAYS) -> list[tuple[date, str]]:
    """Return the public holidays of the coming `days` days, named in the page's language.

    Args:
        now: the aware moment from which to look; today counts.
    """
    today = now.astimezone(PARIS).date()
    span = (today + timedelta(days=offset) for offset in range(days))
    names = _public_holidays("fr" if speaks_french() else "en_US")
    return [(day, names[day]) for day in span if day in names]


def intervals_on(hours: Hours, day: date, closures: Sequence[Closure] = ()) -> list[Interval]:
    """Return when a place is open on `day`, in Paris time.

    Args:
        hours: `{"monday": [["08:30", "12:30"], …], …}`; a missing or empty day is closed.
        day: the day asked for.
        closures: those of the place and of the whole town.
    """
    if is_public_holiday(day):
        return []
    earliest, latest = time.min, time.max
    for closure in closures:
        if closure.start <= day <= closure.end:
            if closure.opens_at is None and closure.closes_at is None:
                return []
            earliest = max(earliest, closure.opens_at or time.min)
            latest = min(latest, closure.closes_at or time.max)
    found = []
    for start_text, end_text in hours.get(DAYS[day.weekday()], ()):
        start = max(time.fromisoformat(start_text), earliest)
        end = min(time.fromisoformat(end_text), latest)
        if start < end:
            found.append((datetime.combine(day, start, PARIS), datetime.combine(day, end, PARIS)))
    return found


def opening_at(hours: Hours, now: datetime, closures: Sequence[Closure] = ()) -> Opening:
    """Return whether a place with these `hours` is open at the aware moment `now`."""
    today = now.astimezone(PARIS).date()
    for offset in range(HORIZON_DAYS):
        for start, end in intervals_on(hours, today + timedelta(days=offset), closures):
            # Compared in UTC: two moments of one zone would be compared by wall time.
            if start.timestamp() <= now.timestamp() < end.timestamp():
                return Opening(is_open=True, closes_at=end)
            if start.timestamp() > now.timestamp():
                return Opening(is_open=False, opens_at=start)
    return Opening(is_open=False)


def describe(opening: Opening, now: datetime) -> str:
    """Say an `Opening` in words: « ouvert jusqu’à 17 h 30 », « fermé, ouvre mardi à 8 h 30 »."""
    if opening.is_open and opening.closes_at:
        return _("ouvert jusqu’à %(time)s") % {"time": clock_words(opening.closes_at.time())}
    if opening.opens_at is None:
        return _("fermé")
    return _("fermé, ouvre %(day)s à %(time)s") % {
        "day": _day_words(opening.opens_at.date(), now.astimezone(PARIS).date()),
        "time": clock_words(opening.opens_at.time()),
    }


def describe_phone(opening: Opening, now: datetime) -> str:
    """Say the single number's `Opening`: « nous répondons jusqu’à 17 h 30 », or when we will."""
    if opening.is_open and opening.closes_at:
        return _("nous répondons jusqu’à %(time)s") % {
            "time": clock_words(opening.closes_at.time())
        }
    if opening.opens_at is None:
        return _("personne ne répond en ce moment")
    return _("nous répondrons %(day)s à %(time)s") % {
        "day": _day_words(opening.opens_at.date(), now.astimezone(PARIS).date()),
        "time": clock_words(opening.opens_at.time()),
    }


def _day_words(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return _("aujourd’hui")
    if days == 1:
        return _("demain")
    return date_format(day, "l") if days < 7 else date_format(day, "l j F")


@dataclass(frozen=True)
class DayHours:
    """One line of a table of opening hours."""

    name: str
    hours: str


def week_of(hours: Hours) -> list[DayHours]:
    """Return the seven days with their hours in words, Monday first."""
    monday = date(2024, 1, 1)  # any Monday: only the name of the day is taken from it
    return [
        DayHours(
            date_format(monday + timedelta(days=index), "l"),
            _intervals_words(hours.get(day, ())),
        )
        for index, day in enumerate(DAYS)
    ]


def hours_on(hours: Hours, day: date, closures: Sequence[Closure] = ()) -> str:
    """Say when a place is open on one day, its closures and public holidays counted."""
    found = intervals_on(hours, day, closures)
    return _intervals_words([[f"{one:%H:%M}" for one in interval] for interval in found])


def _intervals_words(intervals: Sequence[Sequence[str]]) -> str:
    if not intervals:
        return _("fermé")
    return ", ".join(
        _("de %(start)s à %(end)s")
        % {
            "start": clock_words(time.fromisoformat(start)),
            "end": clock_words(time.fromisoformat(end)),
        }
        for start, end in intervals
    )


def upcoming_closures(now: datetime | None = None, days: int = HORIZON_DAYS) -> list[Closure]:
    """Return the closures of the coming `days` days, of any site: one query."""
    today = (now or timezone.now()).astimezone(PARIS).date()
    coming = Q(end__gte=today, start__lte=today + timedelta(days=days))
    return list(Closure.objects.announced().filter(coming))


def closures_of(site_id: str | None, closures: Sequence[Closure]) -> list[Closure]:
    """Return those of `closures` that concern a site: its own and those of every site.

    Args:
        site_id: code of the site; None for what only follows the whole town, the telephone.
        closures: of any site.
    """
    return [closure for closure in closures if closure.site_id in (None, site_id)]
