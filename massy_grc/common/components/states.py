"""Where something stands: state, delay, steps, timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from massy_grc.common.components.arguments import ComponentError, keys, one_of, required
from massy_grc.common.words import date_words

register = template.Library()

STATE_KINDS = {
    "draft": ("pencil", "quiet"),
    "new": ("inbox", "info"),
    "triage": ("circle-question-mark", "soon"),
    "progress": ("circle-play", "info"),
    "transferred": ("corner-up-right", "info"),
    "waiting": ("hourglass", "soon"),
    "appointment": ("calendar", "info"),
    "review": ("file-pen-line", "info"),
    "answer": ("reply", "soon"),
    "ready": ("package-check", "done"),
    "done": ("circle-check", "done"),
    "refused": ("circle-x", "quiet"),
    "cancelled": ("ban", "quiet"),
}
DELAY_STATUSES = ("late", "soon", "ok", "paused")
TIMELINE_WHEN = ("past", "current", "next")


@register.inclusion_tag("components/badge.html")
def state_badge(*, label: str, kind: str) -> dict[str, Any]:
    """A request's state: icon and word. ``kind`` is a key of ``STATE_KINDS``."""
    required("state_badge", label=label)
    one_of("state_badge", "kind", kind, STATE_KINDS)
    icon_name, tone = STATE_KINDS[kind]
    return {"label": label, "icon_name": icon_name, "tone": tone}


@register.inclusion_tag("components/badge.html")
def delay_badge(*, status: str, days: int | None = None, due: dt.date | None = None):
    """How a deadline stands, in words.

    ``status`` is late, soon, ok or paused; ``days`` counts whole days past or left; ``due`` is
    shown in full for "ok".
    """
    one_of("delay_badge", "status", status, DELAY_STATUSES)
    icon_name, tone, label = {
        "late": ("alarm-clock", "late", _late_words(days)),
        "soon": ("clock", "soon", _soon_words(days, due)),
        "ok": ("calendar-check", "quiet", _ok_words(due)),
        "paused": ("circle-pause", "quiet", _("Suspendu")),
    }[status]
    return {"label": label, "icon_name": icon_name, "tone": tone}


def _late_words(days: int | None) -> str:
    if not days:
        return _("En retard")
    return ngettext("En retard de %(days)d jour", "En retard de %(days)d jours", days) % {
        "days": days
    }


def _soon_words(days: int | None, due: dt.date | None) -> str:
    if days is None:
        return _ok_words(due)
    if days == 0:
        return _("Échéance aujourd’hui")
    if days == 1:
        return _("Échéance demain")
    return ngettext("Échéance dans %(days)d jour", "Échéance dans %(days)d jours", days) % {
        "days": days
    }


def _ok_words(due: dt.date | None) -> str:
    if due is None:
        return _("Dans les délais")
    return _("Échéance %(date)s") % {"date": date_words(due)}


@register.inclusion_tag("components/step_progress.html")
def step_progress(*, current: int, total: int, title: str) -> dict[str, Any]:
    """« Étape 2 sur 4 · Votre acte », with a thin bar."""
    required("step_progress", title=title)
    if not 1 <= int(current) <= int(total):
        raise ComponentError(f"step_progress: step {current} of {total}")
    return {
        "current": int(current),
        "total": int(total),
        "title": title,
        "segments": [number <= int(current) for number in range(1, int(total) + 1)],
    }


@register.inclusion_tag("components/timeline.html")
def timeline(*, steps: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """A vertical line of steps ``{title, when, date?, text?}``; when is past, current or next."""
    required("timeline", label=label)
    for step in steps:
        keys("timeline", step, required={"title", "when"}, known={"date", "text"})
        one_of("timeline", "when", step["when"], TIMELINE_WHEN)
    return {"steps": steps, "label": label}
