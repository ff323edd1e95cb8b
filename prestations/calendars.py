"""The one calendar: French public holidays, the town's closures, wall time of Paris."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from prestations.enums import DelayUnit
from prestations.models import Closure

PARIS = ZoneInfo("Europe/Paris")
LONGEST_DAYS = 62  # of one closure, both ends included
FURTHEST_YEARS = 2  # until it begins
# within what a moment in Paris can be computed for, whatever day somebody types
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


class WorkingCalendar:
    """Counts working days (jours ouvrés): Monday to Friday, no public holiday, no town closure.

    Args:
        closed_days: whole days on which the town hall is closed.
    """

    def __init__(self, closed_days: Iterable[date] = ()):
        self._days = holidays.country_holidays("FR")
        self._days.update(dict.fromkeys(closed_days, "closed"))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts in a delay of working days."""
        return self._days.is_working_day(day)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (before it when negative)."""
        return self._days.get_nth_working_day(day, count) if count else day

    def on_or_before(self, day: date) -> date:
        """Return `day`, or the last working day before it."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """Return `day`, or the first working day after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def count_working_days(self, after: date, until: date) -> int:
        """Return how many working days lie in ``(after, until]``."""
        if until <= after:
            return 0
        return self._days.get_working_days_count(after + timedelta(days=1), until)

    def add(self, start: datetime, value: int, unit: str) -> datetime:
        """Return `start` plus a delay, at the same wall time in Paris (S38).

        Args:
            start: an aware datetime; the delay is counted from its Paris date.
            value: how many units, 0 or more.
            unit: a `DelayUnit` code. Months run from date to date (de quantième à quantième).
        """
        local = start.astimezone(PARIS)
        if unit == DelayUnit.WORKING_DAYS:
            day = self.add_working_days(local.date(), value)
        elif unit == DelayUnit.MONTHS:
            day = local.date() + relativedelta(months=value)
        else:
            day = local.date() + timedelta(days=value)
        return at_wall_time(day, local)

    def shift(
        self, due: datetime, paused_at: datetime, resumed_at: datetime, unit: str
    ) -> datetime:
        """Return `due` moved by the time the clock was stopped.

        A delay in working days moves by the working days begun during the pause, others by
        the pause itself, in wall time.
        """
        start, end = paused_at.astimezone(PARIS), resumed_at.astimezone(PARIS)
        if unit == DelayUnit.WORKING_DAYS:
            return self.add(due, self.count_working_days(start.date(), end.date()), unit)
        stopped = end.replace(tzinfo=None) - start.replace(tzinfo=None)
        wall = due.astimezone(PARIS).replace(tzinfo=None) + max(stopped, timedelta(0))
        return wall.replace(tzinfo=PARIS)


NATIONAL = WorkingCalendar()  # without the town's own closures


def lawful_end(moment: datetime) -> datetime:
    """Return `moment`, or the same wall time of the next day on which a time limit may end.

    A time limit of European law that ends on a Saturday, a Sunday or a public holiday ends
    with the next working day (regulation 1182/71, art. 3.4). The town's own closures do not
    lengthen it.
    """
    return at_wall_time(NATIONAL.on_or_after(moment.astimezone(PARIS).date()), moment)


def midnight(day: date) -> datetime:
    """The first moment of `day` in Paris."""
    return datetime.combine(min(max(day, EARLIEST), LATEST), time.min, tzinfo=PARIS)


def midnight_after(day: date) -> datetime:
    """The first moment in Paris that is no longer in `day`."""
    return midnight(min(day, LATEST) + timedelta(days=1))


def carried_over(
    due: datetime, since: datetime, before: WorkingCalendar, after: WorkingCalendar
) -> datetime:
    """Return `due` with as many working days left in the new calendar as in the old one.

    A day that has as many in both stays, even one that is no working day itself.

    Args:
        since: now, or when the clock stopped; what has passed is not counted again.
    """
    days = since.astimezone(PARIS).date(), due.astimezone(PARIS).date()
    left = before.count_working_days(*days)
    if not left or left == after.count_working_days(*days):
        return due
    day = after.add_working_days(days[0], left)
    return at_wall_time(day, due)


def days_between(start: datetime, end: datetime) -> int:
    """Return how many days in Paris lie from the date of `start` to that of `end`."""
    return (end.astimezone(PARIS).date() - start.astimezone(PARIS).date()).days


def at_wall_time(day: date, clock: datetime) -> datetime:
    """Return `day` at the wall time of `clock` in Paris, across both clock changes."""
    return datetime.combine(day, clock.astimezone(PARIS).time().replace(fold=0), tzinfo=PARIS)


def town_calendar(*more: Closure, without: int | None = None) -> WorkingCalendar:
    """Return the calendar with the town's own whole-day closures, read from the database.

    Args:
        more: closures of the whole town that are not counted yet.
        without: key of one that is counted, to be left out.
    """
    closures = Closure.objects.whole_town().filter(counted=True).exclude(pk=without)
    days = [
        closure.start + timedelta(days=offset)
        for closure in [*closures, *more]
        for offset in range((closure.end - closure.start).days + 1)
    ]
    return WorkingCalendar(days)


def extent_faults(start: date, end: date, today: date) -> dict[str, str]:
    """Return why a closure is too far away or too long, by the day that is wrong."""
    if start > today + relativedelta(years=FURTHEST_YEARS):
        return {
            "start": _("Une fermeture s’annonce deux ans à l’avance au plus : vérifiez l’année.")
        }
    if (end - start).days >= LONGEST_DAYS:
        return {
            "end": _("Une fermeture dure %(days)d jours au plus : vérifiez le dernier jour.")
            % {"days": LONGEST_DAYS}
        }
    return {}
