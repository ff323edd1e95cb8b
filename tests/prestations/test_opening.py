"""Open now, until when, or when next: weekly hours, midday, closures, holidays, clock changes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from prestations.models import Closure, Site
from prestations.opening import closures_of, describe, intervals_on, opening_at, week_of

PARIS = ZoneInfo("Europe/Paris")
HOURS = {
    "monday": [["08:30", "12:30"], ["13:30", "17:30"]],
    "tuesday": [["08:30", "12:30"], ["13:30", "19:00"]],
    "wednesday": [["08:30", "12:30"], ["13:30", "17:30"]],
    "thursday": [["13:30", "19:00"]],
    "friday": [["08:30", "12:30"], ["13:30", "17:30"]],
    "saturday": [["08:30", "12:30"]],
    "sunday": [],
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def words(text: str, closures=()) -> str:
    return describe(opening_at(HOURS, at(text), closures), at(text))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T10:00", "ouvert jusqu’à 12 h 30"),
        ("2026-11-23T08:30", "ouvert jusqu’à 12 h 30"),
        ("2026-11-23T12:30", "fermé, ouvre aujourd’hui à 13 h 30"),
        ("2026-11-23T17:30", "fermé, ouvre demain à 8 h 30"),
        ("2026-11-24T18:59", "ouvert jusqu’à 19 h"),
        ("2026-11-21T13:00", "fermé, ouvre lundi à 8 h 30"),
        ("2026-11-22T23:59", "fermé, ouvre demain à 8 h 30"),
        # 8 May 2026 is a Friday and a public holiday
        ("2026-05-07T19:30", "fermé, ouvre samedi à 8 h 30"),
        ("2026-05-08T10:00", "fermé, ouvre demain à 8 h 30"),
    ],
)
def test_says_when(moment, expected):
    said = words(moment)
    assert said.replace("\xa0", " ") == expected
    assert " h" not in said  # a time of day never breaks across two lines


@pytest.mark.parametrize("monday", ["2026-03-30", "2026-10-26"])
def test_opens_at_the_same_wall_time_after_both_clock_changes(monday):
    day = dt.date.fromisoformat(monday)
    sunday_noon = at(f"{day - dt.timedelta(days=1)}T12:00")
    opens = opening_at(HOURS, sunday_noon).opens_at
    assert opens == at(f"{monday}T08:30")


def test_moment_is_read_in_paris_whatever_its_zone():
    # 16:31 UTC is 17:31 in Paris in winter, 18:31 in summer
    assert not opening_at(HOURS, dt.datetime(2026, 11, 23, 16, 31, tzinfo=dt.UTC)).is_open
    assert opening_at(HOURS, dt.datetime(2026, 11, 23, 7, 31, tzinfo=dt.UTC)).is_open
    assert not opening_at(HOURS, dt.datetime(2026, 7, 6, 15, 31, tzinfo=dt.UTC)).is_open


def closure(start: str, end: str = "", **times) -> Closure:
    first = dt.date.fromisoformat(start)
    return Closure(start=first, end=dt.date.fromisoformat(end or start), label="Essai", **times)


def test_a_closed_day_is_skipped():
    assert (
        words("2026-11-23T07:00", [closure("2026-11-23", "2026-11-24")]).replace("\xa0", " ")
        == "fermé, ouvre mercredi à 8 h 30"
    )


def test_an_early_closing_shortens_the_day():
    early = closure("2026-12-24", closes_at=dt.time(16))
    assert intervals_on(HOURS, dt.date(2026, 12, 24), [early]) == [
        (at("2026-12-24T13:30"), at("2026-12-24T16:00"))
    ]


def test_a_late_opening_shortens_the_day():
    late = closure("2026-11-23", opens_at=dt.time(10))
    assert intervals_on(HOURS, dt.date(2026, 11, 23), [late])[0][0] == at("2026-11-23T10:00")


def test_far_opening_is_told_with_its_date():
    assert "mardi 1 décembre" in words("2026-11-20T20:00", [closure("2026-11-21", "2026-11-30")])


def test_a_place_without_hours_is_just_closed():
    assert describe(opening_at({}, at("2026-11-23T10:00")), at("2026-11-23T10:00")) == "fermé"


def test_a_closure_of_one_site_leaves_the_other_open():
    own = [
        Closure(site=Site(code="annexe"), start=dt.date.min, end=dt.date.max),
        Closure(site=None, start=dt.date.min, end=dt.date.max),
    ]
    assert closures_of("mairie", own) == [own[1]]
    assert closures_of("annexe", own) == own


def test_week_begins_on_monday_in_the_language_of_the_page():
    week = week_of(HOURS)
    assert (week[0].name, week[6].hours) == ("lundi", "fermé")
    with translation.override("en"):
        assert week_of(HOURS)[0].name == "Monday"
