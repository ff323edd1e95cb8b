"""Dates, times and lists as a letter writes them, whatever the page's language: in French, but for
the English text of a letter (`in_english`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


_english: ContextVar[bool] = ContextVar("english", default=False)


@contextmanager
def in_english() -> Iterator[None]:
    """Write days and hours in English meanwhile."""
    before = _english.set(True)
    try:
        yield
    finally:
        _english.reset(before)


def full_date(value: date | datetime | None) -> str:
    """« lundi 30 novembre 2026 » (Paris' date of an instant); empty for None."""
    if value is None:
        return ""
    if _english.get():
        return f"{_day(value):%A} {plain_date(value)}"
    return f"{DAYS[_day(value).weekday()]} {plain_date(value)}"


def plain_date(value: date | datetime) -> str:
    """« 30 novembre 2026 », « 1er décembre 2026 »."""
    day = _day(value)
    if _english.get():
        return f"{day.day} {day:%B} {day.year}"
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def clock(value: datetime) -> str:
    """« 9 h 05 », wall time of Paris."""
    local = value.astimezone(PARIS)
    if _english.get():
        return f"{local:%H:%M}"
    return f"{local.hour} h {local.minute:02d}"


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
