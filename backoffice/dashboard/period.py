"""The days a dashboard is about, and those it compares them with."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)
WEEKS_FROM = 32  # days; a month or less is drawn day by day: in weeks it has three points


@dataclass(frozen=True)
class Slice:
    """A week or a day of the chart, cut at the period's ends."""

    first: date
    last: date
    whole: bool

    @property
    def words(self) -> str:
        """« 3 nov. » for a day or a whole week (its Monday), else « 20 – 22 nov. »."""
        if self.first == self.last:
            return short_day(self.first)
        return f"{short_day(self.first)} – {short_day(self.last)}"


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, in Paris.

    `before` names the time just before it: « les 30 jours précédents ».
    """

    first: date
    last: date
    before: str | Promise = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """As many days just before."""
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)

    @property
    def words(self) -> str:
        """« du 24 octobre 2026 au 22 novembre 2026 »."""
        if self.first == self.last:
            return _("le %(day)s") % {"day": full_day(self.first)}
        return _("du %(first)s au %(last)s") % {
            "first": full_day(self.first, year=self.first.year != self.last.year),
            "last": full_day(self.last),
        }

    @property
    def by_week(self) -> bool:
        return self.days >= WEEKS_FROM

    def slices(self) -> list[Slice]:
        """The period's weeks (from Monday), or its days when it is short."""
        found, first = [], self.first
        while first <= self.last:
            end = first + timedelta(days=6 - first.weekday()) if self.by_week else first
            last = min(end, self.last)
            whole = not self.by_week or (last - first).days == 6
            found.append(Slice(first, last, whole))
            first = last + ONE_DAY
        return found


def full_day(day: date, *, year: bool = True) -> str:
    """« 3 novembre 2026 »; the first of a month is « 1er » in French."""
    words = date_format(day, "j F Y" if year else "j F")
    return words.replace("1 ", _("1er") + " ", 1) if day.day == 1 else words


def short_day(day: date) -> str:
    """« 3 nov. »."""
    return date_format(day, "j N")
