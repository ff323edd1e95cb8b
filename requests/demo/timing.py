"""When things happen in the demo's years: seasons, weekdays, hours, working days."""

from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from random import Random

from prestations.calendars import PARIS, WorkingCalendar
from prestations.enums import Channel, DelayUnit

YEAR = 365
WEEKDAYS = (1.15, 1.1, 1.2, 0.9, 1.0, 0.45, 0.12)
MONTHS = (1.1, 0.95, 1.05, 0.95, 0.9, 1.1, 0.75, 0.55, 1.35, 1.1, 1.0, 0.8)
HOLIDAY = 0.12
STAFFED = {Channel.GUICHET, Channel.TELEPHONE}
# Share of each hour, by channel; the counter's evening opening shows at 18.
HOURS = {
    Channel.GUICHET: {8: 5, 9: 14, 10: 16, 11: 14, 12: 3, 13: 5, 14: 13, 15: 12, 16: 12, 17: 6},
    Channel.TELEPHONE: {8: 6, 9: 17, 10: 16, 11: 12, 12: 5, 13: 7, 14: 14, 15: 11, 16: 9, 17: 3},
    Channel.COURRIER: {9: 60, 10: 40},
    Channel.WEB: dict(
        zip(range(6, 24), (1, 3, 5, 8, 8, 7, 9, 8, 6, 5, 5, 6, 8, 9, 10, 10, 6, 3), strict=True)
    ),
}
OPENING, CLOSING = time(8, 35), time(17, 25)


class CachedCalendar(WorkingCalendar):
    """The same calendar, remembering each day's answer: a year has only so many.

    Args:
        calendar: the one that knows.
    """

    def __init__(self, calendar: WorkingCalendar):
        self._is_working_day = lru_cache(None)(calendar.is_working_day)
        self._add_working_days = lru_cache(None)(calendar.add_working_days)
        self._count_working_days = lru_cache(None)(calendar.count_working_days)

    def is_working_day(self, day: date) -> bool:
        return self._is_working_day(day)

    def add_working_days(self, day: date, count: int) -> date:
        return self._add_working_days(day, count)

    def count_working_days(self, after: date, until: date) -> int:
        return self._count_working_days(after, until)


class Timing:
    """Draws moments.

    Args:
        random: the seeded generator.
        calendar: the town's working days.
        now: the end of the last year.
        years: how many there are.
    """

    def __init__(self, random: Random, calendar: WorkingCalendar, now: datetime, years: int = 1):
        self.random, self.calendar, self.now, self.years = random, calendar, now, years
        self.hours = {
            channel: (list(hours), list(hours.values())) for channel, hours in HOURS.items()
        }

    @cached_property
    def days(self) -> list[date]:
        today = self.now.astimezone(PARIS).date()
        return [today - timedelta(days=back) for back in range(self.years * YEAR, -1, -1)]

    @cached_property
    def weights(self) -> list[float]:
        weights = []
        for day in self.days:
            weight = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1]
            if day.weekday() < 5 and not self.calendar.is_working_day(day):
                weight *= HOLIDAY
            weights.append(weight)
        return weights

    def arrival_days(self, count: int) -> list[date]:
        """Draw `count` days of arrival, by weekday, season and holidays."""
        return self.random.choices(self.days, self.weights, k=count)

    def arrival(self, day: date, channel: str) -> datetime:
        """Draw the hour of an arrival; counters and phones keep their opening days."""
        if channel in STAFFED or channel == Channel.COURRIER:
            if day.weekday() == 6 or (day.weekday() < 5 and not self.calendar.is_working_day(day)):
                day = self.calendar.add_working_days(day, -1)
            hours, shares = self.hours[Channel(channel)]
            hour = self.random.choices(hours, shares)[0]
            if day.weekday() == 5:
                hour = min(hour, 11) if hour != 8 else 9
        else:
            hours, shares = self.hours[Channel.WEB]
            hour = self.random.choices(hours, shares)[0]
        minute = self.random.randrange(30, 60) if hour == 8 else self.random.randrange(60)
        moment = datetime(
            day.year, day.month, day.day, hour, minute, self.random.randrange(60), tzinfo=PARIS
        )
        return min(moment, self.now - timedelta(minutes=self.random.randrange(20, 300)))

    def soon(self, after: datetime, low: int, high: int) -> datetime:
        """Return a moment `low` to `high` seconds later."""
        return after + timedelta(seconds=self.random.uniform(low, high))

    def at_work(self, after: datetime, days: float = 0) -> datetime:
        """Draw a moment of somebody's working day, about `days` working days later."""
        local = after.astimezone(PARIS)
        day, whole = local.date(), round(days)
        if whole:
            day = self.calendar.add_working_days(day, whole)
        elif not self.calendar.is_working_day(day) or local.time() > time(16, 45):
            day = self.calendar.add_working_days(day, 1)
        if day == local.date() and local.time() > OPENING:
            return local + timedelta(minutes=self.random.uniform(3, 40))
        minutes = self.random.uniform(0, 530)
        opening = datetime(day.year, day.month, day.day, 8, 35, tzinfo=PARIS)
        return opening + timedelta(minutes=minutes)

    def at_home(self, after: datetime, days: float) -> datetime:
        """Draw a moment when a citizen answers, about `days` days later."""
        moment = after + timedelta(days=days)
        return moment.replace(hour=self.random.choice((8, 12, 18, 19, 20, 21)))


def working_days_of(value: int, unit: str) -> float:
    """Return a target as a rough number of working days."""
    if unit == DelayUnit.WORKING_DAYS:
        return value
    return value * (21 if unit == DelayUnit.MONTHS else 5 / 7)
