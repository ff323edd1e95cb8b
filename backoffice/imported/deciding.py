"""Closures that a file brings or takes out: the public reads them at once, delays follow later.

They follow once an administrator has decided, in the calendar (`requests.actions.decide_closure`).
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from prestations.models import Closure
from requests.recalculation import added_by_deciding, moves

MOST_COUNTED = 31  # each reads the requests under way


def to_decide() -> dict[int, Closure]:
    """Return the closures whose effect on delays nobody has decided yet."""
    return {one.pk: one for one in Closure.objects.to_decide(timezone.localdate())}


def waiting_days(closures: list[Closure]) -> list[dict[str, Any]]:
    """Return what a page tells of them: their name and days, and how many due dates would move.

    `dates` is None beyond `MOST_COUNTED`.
    """
    return [
        {
            "id": one.pk,
            "label": one.label,
            "days": _days(one),
            "removed": one.removed_at is not None,
            "dates": _dates(one) if number < MOST_COUNTED else None,
        }
        for number, one in enumerate(closures)
    ]


def still_waiting(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those that nobody has decided since, in the words of whoever reads."""
    waiting = to_decide()
    return [{**one, "days": _days(waiting[one["id"]])} for one in days if one["id"] in waiting]


def _days(closure: Closure) -> str:
    return render_to_string("backoffice/closure_days.html", {"closure": closure})


def _dates(closure: Closure) -> int:
    now = timezone.now()
    adds = bool(added_by_deciding(closure, timezone.localdate(now)))
    return sum(move.is_moved for move in moves(closure, adds=adds, now=now))
