"""Dates, times and lists as a letter writes them, in French whatever the page's language.

The English text of a letter says the same days and hours by `in_english`.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from prestations.calendars import PARIS
from requests.letters.engine import LIST_SIGN

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


DATE = re.compile(rf"(?:(?:{'|'.join(DAYS)}) )?(\d{{1,2}})(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")
CLOCK = re.compile(r"(\d{1,2}) h (\d{2})")


def full_date(value: date | datetime | None) -> str:
    """« lundi 30 novembre 2026 » (Paris' date of an instant); empty for None."""
    if value is None:
        return ""
    return f"{DAYS[_day(value).weekday()]} {plain_date(value)}"


def plain_date(value: date | datetime) -> str:
    """« 30 novembre 2026 », « 1er décembre 2026 »."""
    day = _day(value)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def clock(value: datetime) -> str:
    """« 9 h 05 », wall time of Paris."""
    local = value.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}"


def in_english(value: str) -> str:
    """A day or an hour written by this module, in English; anything else as it is."""
    if day := DATE.fullmatch(value):
        number, month, year = day.groups()
        try:
            found = date(int(year), MONTHS.index(month) + 1, int(number))
        except ValueError:  # somebody's own words, of a day that is none
            return value
        return f"{found:%A} {found.day} {found:%B} {found.year}"
    if hour := CLOCK.fullmatch(value):
        return ":".join(hour.groups())
    return value


def bullets(items: Iterable[str]) -> str:
    """Lines beginning with a dash; empty without items."""
    return "\n".join(f"{LIST_SIGN}{item}" for item in items)


def day_count(days: int) -> str:
    """« 1 jour », « 12 jours », « moins d'un jour »."""
    if days < 1:
        return "moins d'un jour"
    return "1 jour" if days == 1 else f"{days} jours"


def _day(value: date | datetime) -> date:
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value
