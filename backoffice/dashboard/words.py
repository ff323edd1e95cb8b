"""Figures in words: how long, how much more than before."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from massy_grc.common.charts import format_value

HOUR, DAY = 3600, 86400
NONE = "–"
FEW = 20  # below, a difference says more than a percentage


@dataclass(frozen=True)
class Trend:
    """How a figure moved, in words; `direction` is up, down, flat or empty."""

    words: str = ""
    direction: str = ""


def duration(seconds: float | None) -> tuple[str, str]:
    """Return a length of time as (number, unit): « 3 », « jours ». Half days below ten days."""
    if seconds is None:
        return NONE, ""
    if seconds < HOUR:
        minutes = max(1, round(seconds / 60))
        return str(minutes), ngettext("minute", "minutes", minutes)
    if seconds < DAY:
        hours = round(seconds / HOUR)
        return str(hours), ngettext("heure", "heures", hours)
    days = seconds / DAY
    days = round(days * 2) / 2 if days < 10 else round(days)
    # « 1,5 jour » but "1.5 days": half a day counts as none, which each language's rule knows
    plural = 1 if days == 1 else 2 if days >= 2 else 0
    return format_value(days), ngettext("jour", "jours", plural)


def duration_words(seconds: float | None) -> str:
    """« 3 jours »."""
    return "\u00a0".join(filter(None, duration(seconds)))


def in_days(seconds: float) -> float:
    """A number of days for a chart, with one decimal."""
    return round(seconds / DAY, 1)


def count_trend(now: int, before: int, than: str | Promise) -> Trend:
    """« 12 % de plus que sur les 30 jours précédents »; of few, « 4 de plus »."""
    if not before:
        return Trend(_("Pas encore de comparaison"))
    if before < FEW:
        return _trend(
            now - before,
            _("%(n)s de plus que sur %(before)s"),
            _("%(n)s de moins que sur %(before)s"),
            than,
        )
    percent = round(100 * (now - before) / before)
    return _trend(
        percent,
        _("%(n)s %% de plus que sur %(before)s"),
        _("%(n)s %% de moins que sur %(before)s"),
        than,
    )


def share_trend(now: int | None, before: int | None, than: str | Promise) -> Trend:
    """« 3 points de plus que… », of two percentages."""
    if now is None or before is None:
        return Trend()
    points = now - before
    return _trend(
        points,
        ngettext(
            "%(n)s point de plus que sur %(before)s",
            "%(n)s points de plus que sur %(before)s",
            abs(points),
        ),
        ngettext(
            "%(n)s point de moins que sur %(before)s",
            "%(n)s points de moins que sur %(before)s",
            abs(points),
        ),
        than,
    )


def duration_trend(now: float | None, before: float | None, than: str | Promise) -> Trend:
    """« Plus court que sur les 30 jours précédents (4 jours) »; less than 5 % is the same."""
    if now is None or before is None:
        return Trend()
    values = {"before": than, "time": duration_words(before)}
    if abs(now - before) <= 0.05 * before or duration(now) == duration(before):
        return Trend(_("Comme sur %(before)s") % values, "flat")
    if now > before:
        return Trend(_("Plus long que sur %(before)s (%(time)s)") % values, "up")
    return Trend(_("Plus court que sur %(before)s (%(time)s)") % values, "down")


def stock_trend(filed: int, finished: int) -> Trend:
    """Whether the open requests grew over the period; `finished` counts cancelled ones too."""
    if filed > finished:
        return Trend(_("En hausse : plus de demandes déposées que closes ou annulées"), "up")
    if filed < finished:
        return Trend(_("En baisse : plus de demandes closes ou annulées que déposées"), "down")
    return Trend(_("Stable : autant de demandes closes ou annulées que déposées"), "flat")


def percent(part: int, whole: int) -> int | None:
    """A whole percentage; None of nothing."""
    return round(100 * part / whole) if whole else None


def _trend(difference: int, more: str, less: str, than: str | Promise) -> Trend:
    if difference == 0:
        return Trend(_("Comme sur %(before)s") % {"before": than}, "flat")
    words = more if difference > 0 else less
    return Trend(
        words % {"n": format_value(abs(difference)), "before": than},
        "up" if difference > 0 else "down",
    )
