"""Figures in words."""

from datetime import date

import pytest

from backoffice.dashboard.period import Period
from backoffice.dashboard.words import count_trend, duration_trend, duration_words, share_trend

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "1 minute"),
        (5 * HOUR, "5 heures"),
        (1.1 * DAY, "1 jour"),
        (3.4 * DAY, "3,5 jours"),
        (12.4 * DAY, "12 jours"),
        (None, "–"),
    ],
)
def test_a_length_of_time_is_told_in_its_own_unit(seconds, words):
    assert duration_words(seconds).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (112, 100, "12 % de plus que sur avant"),
        (90, 100, "10 % de moins que sur avant"),
        (7, 3, "4 de plus que sur avant"),
        (100, 100, "Comme sur avant"),
        (5, 0, "Pas encore de comparaison"),
    ],
)
def test_a_count_is_compared_in_words(now, before, words):
    assert count_trend(now, before, "avant").words.replace("\u00a0", " ") == words


def test_a_share_is_compared_in_points():
    assert share_trend(76, 77, "avant").words == "1 point de moins que sur avant"


def test_a_small_change_of_a_delay_is_no_change():
    assert duration_trend(5.1 * DAY, 5 * DAY, "avant").direction == "flat"
    assert duration_trend(8 * DAY, 5 * DAY, "avant").direction == "up"


def test_weeks_are_cut_at_the_ends_of_the_period():
    slices = Period(date(2026, 10, 17), date(2026, 11, 22)).slices()
    assert [(one.first.day, one.last.day, one.whole) for one in slices] == [
        (17, 18, False),
        (19, 25, True),
        (26, 1, True),
        (2, 8, True),
        (9, 15, True),
        (16, 22, True),
    ]


def test_a_month_is_shown_by_day():
    assert len(Period(date(2026, 10, 24), date(2026, 11, 22)).slices()) == 30


def test_the_previous_period_is_as_long_and_just_before():
    previous = Period(date(2026, 10, 24), date(2026, 11, 22)).previous
    assert (previous.first, previous.last) == (date(2026, 9, 24), date(2026, 10, 23))
