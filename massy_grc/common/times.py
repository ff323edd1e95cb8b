"""Times of day as every page says them."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _


def clock_words(clock: dt.time) -> str:
    """Say a time of day: « 8 h 30 », « 19 h », with no-break spaces."""
    words = _("%(hour)d h %(minute)02d") if clock.minute else _("%(hour)d h")
    return (words % {"hour": clock.hour, "minute": clock.minute}).replace(" ", "\u00a0")


def time_words(moment: dt.datetime) -> str:
    """Say the time of day in Paris of a moment."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return clock_words(local.time())
