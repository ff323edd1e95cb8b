"""The moments until which a request may be set aside: a working day's morning, or later today."""

from datetime import date, datetime, time, timedelta

from prestations.calendars import PARIS, WorkingCalendar
from prestations.enums import DelayUnit
from requests.enums import SnoozePreset

MORNING = time(8, 30)
AFTERNOON = time(14, 0)
EVENING = time(17, 0)  # what is for later today comes back while there is time to do it
LATER = timedelta(hours=3)
SOONEST = timedelta(minutes=30)
LONGEST_DAYS = 365
FEW_DAYS = 3  # working days
WEEK = 7


def moments(now: datetime, calendar: WorkingCalendar) -> dict[SnoozePreset, datetime]:
    """Return when each preset would bring a request back; those that make no sense are left out.

    Later today is not offered at the end of the day, nor this afternoon once it has begun or on a
    day off. The others come on the morning of a working day: the one meant, or the next one.

    Args:
        now: an aware datetime; the days are those of Paris.
    """
    today = now.astimezone(PARIS).date()
    later = min(now + LATER, datetime.combine(today, EVENING, PARIS))
    found = {SnoozePreset.LATER: later} if later - now >= SOONEST else {}
    afternoon = datetime.combine(today, AFTERNOON, PARIS)
    if calendar.is_working_day(today) and afternoon - now >= SOONEST:
        found[SnoozePreset.AFTERNOON] = afternoon
    days = {
        SnoozePreset.TOMORROW: _working_days_on(now, 1, calendar),
        SnoozePreset.DAYS: _working_days_on(now, FEW_DAYS, calendar),
        SnoozePreset.MONDAY: today + timedelta(days=WEEK - today.weekday()),
        SnoozePreset.WEEK: today + timedelta(days=WEEK),
    }
    return found | {preset: morning_of(day, calendar) for preset, day in days.items()}


def _working_days_on(now: datetime, number: int, calendar: WorkingCalendar) -> date:
    return calendar.add(now, number, DelayUnit.WORKING_DAYS).astimezone(PARIS).date()


def morning_of(day: date, calendar: WorkingCalendar) -> datetime:
    """The morning of `day`, or of the next working day."""
    if not calendar.is_working_day(day):
        day = calendar.add_working_days(day, 1)
    return datetime.combine(day, MORNING, PARIS)
