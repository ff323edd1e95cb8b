"""Working days and wall time, against dates counted by hand."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prestations.calendars import PARIS, WorkingCalendar, town_calendar
from prestations.models import Closure

MOMENTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"),
    datetime.fromisoformat("2030-12-31"),
    timezones=st.just(PARIS),
)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "value", "unit", "due"),
    [
        # the seed's own rows, whose 90 days shifted by one hour at the clock change (S38)
        ("2010-09-01T18:17", 8, "calendar_days", "2010-09-09T18:17"),
        ("2010-09-01T17:23", 90, "calendar_days", "2010-11-30T17:23"),
        # both clock changes of 2026
        ("2026-03-28T10:00", 2, "calendar_days", "2026-03-30T10:00"),
        ("2026-10-24T10:00", 1, "calendar_days", "2026-10-25T10:00"),
        # Friday to Monday, and across Easter Monday (6 April 2026)
        ("2026-01-09T09:00", 1, "working_days", "2026-01-12T09:00"),
        ("2026-04-03T09:00", 1, "working_days", "2026-04-07T09:00"),
        # 1 and 8 May 2026 are Fridays; Ascension is Thursday the 14th
        ("2026-04-30T16:00", 5, "working_days", "2026-05-11T16:00"),
        ("2026-05-13T16:00", 1, "working_days", "2026-05-15T16:00"),
        # arrived on a Saturday: Monday is the first working day
        ("2026-01-10T11:00", 3, "working_days", "2026-01-14T11:00"),
        # over the new year: 1 January 2027 is a Friday
        ("2026-12-31T10:00", 1, "working_days", "2027-01-04T10:00"),
        # from date to date (de quantième à quantième)
        ("2026-01-15T08:00", 2, "months", "2026-03-15T08:00"),
        ("2025-12-31T08:00", 2, "months", "2026-02-28T08:00"),
    ],
)
def test_adds_delays_counted_by_hand(start, value, unit, due):
    assert WorkingCalendar().add(paris(start), value, unit) == paris(due)


def test_town_closure_is_not_a_working_day():
    calendar = WorkingCalendar([date(2026, 5, 15)])
    assert calendar.add(paris("2026-05-13T09:00"), 1, "working_days") == paris("2026-05-18T09:00")


@pytest.mark.parametrize(
    ("eve", "day_after"),
    [
        ("2025-12-31", "2026-01-02"),  # New Year's Day
        ("2026-04-03", "2026-04-07"),  # Easter Monday
        ("2026-04-30", "2026-05-04"),  # 1 May, a Friday
        ("2026-05-07", "2026-05-11"),  # 8 May, a Friday
        ("2026-05-13", "2026-05-15"),  # Ascension
        ("2026-05-22", "2026-05-26"),  # Whit Monday
        ("2026-07-13", "2026-07-15"),  # 14 July
        ("2028-08-14", "2028-08-16"),  # Assumption, a Tuesday
        ("2027-10-29", "2027-11-02"),  # All Saints, a Monday
        ("2026-11-10", "2026-11-12"),  # 11 November
        ("2026-12-24", "2026-12-28"),  # Christmas, a Friday
    ],
)
def test_no_delay_ends_on_one_of_the_eleven_holidays(eve, day_after):
    """Code du travail, art. L3133-1."""
    due = WorkingCalendar().add(paris(f"{eve}T10:00"), 1, "working_days")
    assert due == paris(f"{day_after}T10:00")


@pytest.mark.django_db
def test_closing_at_midday_leaves_the_day_a_working_day():
    day = date(2026, 6, 2)  # a Tuesday
    half = Closure.objects.create(label="Midi", start=day, end=day, opens_at=time(14))
    assert town_calendar().add(paris("2026-06-01T10:00"), 1, "working_days") == paris(
        "2026-06-02T10:00"
    )
    half.opens_at = None
    half.save()
    assert town_calendar().add(paris("2026-06-01T10:00"), 1, "working_days") == paris(
        "2026-06-03T10:00"
    )


def test_hour_that_the_autumn_change_repeats_is_its_first():
    due = WorkingCalendar().add(paris("2026-10-24T02:30"), 1, "calendar_days")
    assert due.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_time_that_the_spring_change_skips_moves_forward():
    due = WorkingCalendar().add(paris("2026-03-28T02:30"), 1, "calendar_days")
    assert due.timestamp() == paris("2026-03-29T03:30").timestamp()


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "unit", "moved"),
    [
        (
            "2026-01-20T10:00",
            "2026-01-12T09:00",
            "2026-01-14T15:00",
            "calendar_days",
            "2026-01-22T16:00",
        ),
        (
            "2026-01-20T10:00",
            "2026-01-09T09:00",
            "2026-01-12T15:00",
            "working_days",
            "2026-01-21T10:00",
        ),
        (
            "2026-01-20T10:00",
            "2026-01-12T09:00",
            "2026-01-12T17:00",
            "working_days",
            "2026-01-20T10:00",
        ),
        # a pause over the autumn change keeps the wall time
        (
            "2026-10-30T10:00",
            "2026-10-24T09:00",
            "2026-10-26T09:00",
            "calendar_days",
            "2026-11-01T10:00",
        ),
    ],
)
def test_pause_moves_the_due_date(due, paused, resumed, unit, moved):
    assert WorkingCalendar().shift(paris(due), paris(paused), paris(resumed), unit) == paris(moved)


@given(
    start=MOMENTS,
    days=st.integers(1, 60),
)
def test_working_days_added_are_the_working_days_counted(start, days):
    calendar = WorkingCalendar()
    due = calendar.add(start, days, "working_days").astimezone(PARIS).date()
    assert calendar.is_working_day(due)
    assert calendar.count_working_days(start.date(), due) == days


@given(
    start=MOMENTS,
    value=st.integers(0, 120),
    unit=st.sampled_from(["calendar_days", "working_days", "months"]),
)
def test_due_date_keeps_the_wall_time(start, value, unit):
    due = WorkingCalendar().add(start, value, unit).replace(fold=0)
    assert due.astimezone(PARIS).time().replace(fold=0) == start.time() or due.hour in (1, 2, 3)
