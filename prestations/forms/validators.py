"""Checks of what people type, shared by every channel: one rule, one message."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

OLDEST = dt.date(1880, 1, 1)
FUTURE_YEARS = 10


def check_date(value: dt.date, *, past: bool, today: dt.date | None = None) -> None:
    """Refuse a date that cannot be meant.

    Args:
        past: the event has happened (a birth, a death, a wedding).
        today: Paris date; now by default.

    Raises:
        ValidationError: before 1880, in more than ten years, or in the future for a past event.
    """
    today = today or timezone.localdate()
    if past and value > today:
        raise ValidationError(_("Cette date est dans le futur. Vérifiez-la."), code="future")
    if not OLDEST <= value <= today.replace(year=today.year + FUTURE_YEARS, day=1):
        raise ValidationError(_("Vérifiez l’année de cette date."), code="year")


_RANGE = re.compile(r"\bDe (\d+) à (\d+)\b")


def range_of(name: str, help_text: str) -> tuple[int, int]:
    """Lowest and highest whole number accepted, both included.

    The data states a range in the help (« De 1 à 5 exemplaires. »); rates are percentages.
    """
    if stated := _RANGE.search(help_text):
        return int(stated[1]), int(stated[2])
    return (0, 100) if name.startswith("taux_") else (0, 9_999_999)
