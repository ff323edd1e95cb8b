"""How every page says people, numbers, sizes, days and times of day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from massy_grc.common import charts

_ADDRESS = re.compile(r"(https?://[^\s<>«»]*[^\s<>«».,;:!?()\]])")

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BREAK = "\0"  # no text holds one


def initials(user: object) -> str:
    """Two capital letters for a person."""
    words = re.findall(r"\w+", person_name(user).split("@")[0].replace("_", " "))
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return "".join(words)[:2].upper()


def person_name(user: object) -> str:
    """Full name of a user, else what the account is called."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    return full_name or str(user)


def phone_href(number: object) -> str:
    """A French number as a ``tel:`` link wants it: +33160133000."""
    digits = re.sub(r"[^\d+]", "", str(number))
    return f"+33{digits[1:]}" if digits.startswith("0") and len(digits) == 10 else digits


def phone_words(number: object) -> str:
    """A French number as it is read aloud: 01 60 13 30 00, with no-break spaces."""
    digits = re.sub(r"[^\d+]", "", str(number))
    if digits.startswith("+33"):
        digits = f"0{digits[3:]}"
    if len(digits) != 10:
        return str(number)
    return "\u00a0".join(digits[at : at + 2] for at in range(0, 10, 2))


def semicolons(parts: Iterable[str]) -> str:
    """Parts of a sentence with semicolons between them, as the language sets these."""
    separator = _(" ;")
    return f"{separator} ".join(parts)


def file_size(size: int | None) -> str:
    """A size in bytes in the units people know: « 184 ko », « 2,2 Mo »."""
    if not size:
        return ""
    if size < 1_000_000:
        return _("%(size)s ko") % {"size": max(1, round(size / 1000))}
    return _("%(size)s Mo") % {"size": charts.format_value(round(size / 1_000_000, 1))}


def clock_words(clock: dt.time) -> str:
    """Say a time of day: « 8 h 30 », « 19 h », with no-break spaces."""
    words = _("%(hour)d h %(minute)02d") if clock.minute else _("%(hour)d h")
    return (words % {"hour": clock.hour, "minute": clock.minute}).replace(" ", "\u00a0")


def time_words(moment: dt.datetime) -> str:
    """Say the time of day in Paris of a moment."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return clock_words(local.time())


def day_and_time(moment: dt.datetime) -> str:
    """A date in full and its time of day: « lundi 12 janvier, 8 h 30 »."""
    return f"{date_words(moment)}, {time_words(moment)}"


def date_words(value: dt.date | None) -> str:
    """A date in full: « lundi 12 janvier », with the year when it is not the current one."""
    if not value:
        return ""
    day = value
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        day = timezone.localtime(value)
    same_year = day.year == timezone.localdate().year
    words = date_format(day, "l j F" if same_year else "l j F Y")
    return first_in_french(words, day)


def day_words(day: dt.date) -> str:
    """A date that is no appointment, without its weekday: « 1er mai 1980 », as for a birth."""
    return first_in_french(date_format(day, "j F Y"), day)


def first_in_french(words: str, day: dt.date) -> str:
    """« 1er janvier » in place of « 1 janvier » on a page in French."""
    if day.day != 1 or not (get_language() or "").startswith("fr"):
        return words
    return re.sub(r"\b1\b", "1er", words, count=1)


def moment_words(value: dt.datetime) -> str:
    """A day and a time in few characters: « 27/11/2026, 23 h 58 »."""
    return f"{timezone.localtime(value):%d/%m/%Y}, {time_words(value)}"


def mail_breaks(text: object) -> SafeString:
    """A text whose e-mail addresses may go on, in a narrow column, before their @ and dots.

    >>> mail_breaks("a.b@c.fr <i>")
    'a<wbr>.b<wbr>@c<wbr>.fr &lt;i&gt;'
    """
    if isinstance(text, SafeString):  # markup, of the catalogue: no answer of somebody's
        return text
    broken = _MAIL.sub(lambda mail: re.sub(r"(?=[@.])", _BREAK, mail[0]), str(text))
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in broken.split(_BREAK)))


def with_links(text: str, longest: int = 0) -> SafeString:
    """A plain text with its web addresses as links; shown cut after `longest` characters.

    Django's own `urlize` loses the full stop after « (www.example.org) ».
    """
    parts = _ADDRESS.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', part, Truncator(part).chars(longest or len(part))),)
            if place % 2
            else (part,)
            for place, part in enumerate(parts)
        ),
    )
