"""Sites and the telephone as pages show them: open or not, until when, and their week."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from prestations.context_processors import current_town
from prestations.models import Closure, Facility, Site
from prestations.opening import (
    DayHours,
    Hours,
    closures_of,
    describe,
    describe_phone,
    opening_at,
    upcoming_closures,
    week_of,
)


@dataclass(frozen=True)
class Place:
    """A site or another public place, now."""

    site: Site | Facility
    is_open: bool
    words: str
    week: list[DayHours]
    closures: list[Closure]

    @property
    def is_town_hall(self) -> bool:
        """Whether agents receive the public there."""
        return isinstance(self.site, Site)


@dataclass(frozen=True)
class Line:
    """The town's single number, now."""

    is_open: bool
    words: str
    week: list[DayHours]


@dataclass(frozen=True)
class Reach:
    """Where and by telephone the town is reached, now."""

    places: list[Place]
    line: Line


def places_now(now: datetime | None = None) -> list[Place]:
    """Return the sites in use with their opening state at `now`: two queries."""
    now = now or timezone.now()
    return _places(now, upcoming_closures(now))


def reach_now(now: datetime | None = None) -> Reach:
    """Return the sites in use and the single number with their state at `now`: two queries.

    Nobody answers the telephone while the whole town is closed.
    """
    now = now or timezone.now()
    closures = upcoming_closures(now)
    town = current_town()
    hours: Hours = town.facts.get("phone_hours", {}) if town else {}
    opening = opening_at(hours, now, closures_of(None, closures))
    line = Line(opening.is_open, describe_phone(opening, now), week_of(hours))
    return Reach(_places(now, closures), line)


def place_now(place: Site | Facility, now: datetime | None = None) -> Place:
    """Return one place with its opening state at `now`: one query.

    The town's closures are those of its town halls; another place closes on public holidays.
    """
    now = now or timezone.now()
    own = closures_of(place.code, upcoming_closures(now)) if isinstance(place, Site) else []
    return _place(place, now, own)


def facilities_now(now: datetime | None = None) -> list[Place]:
    """Return the other public places in use with their opening state at `now`: one query."""
    now = now or timezone.now()
    return [_place(facility, now, []) for facility in Facility.objects.outside_sites()]


def _places(now: datetime, closures: list[Closure]) -> list[Place]:
    return [
        _place(site, now, closures_of(site.code, closures))
        for site in Site.objects.filter(is_active=True)
    ]


def _place(place: Site | Facility, now: datetime, closures: list[Closure]) -> Place:
    opening = opening_at(place.opening_hours, now, closures)
    return Place(
        site=place,
        is_open=opening.is_open,
        words=describe(opening, now),
        week=week_of(place.opening_hours),
        closures=closures,
    )
