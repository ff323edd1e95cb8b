"""What of a file waits for somebody's decision once it is in force.

Closures that it brings or takes out: the public reads them at once, delays follow when an
administrator has decided, in the calendar (`requests.actions.decide_closure`). Texts: a second
person approves them.
"""

from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from prestations.configuration.undoing import put_forward_by
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


def texts_waiting(act: UUID, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the texts of an import that are neither decided nor withdrawn since.

    Args:
        told: the texts that it proposed, with the prestations that name each.
    """
    named_by = {one["name"]: one["named_by"] for one in told}
    return [
        {"kind": one.kind, "name": one.name, "named_by": named_by.get(one.name, [])}
        for one in put_forward_by(act)
        if one.take_back
    ]


def _days(closure: Closure) -> str:
    return render_to_string("backoffice/closure_days.html", {"closure": closure})


def _dates(closure: Closure) -> int:
    now = timezone.now()
    adds = bool(added_by_deciding(closure, timezone.localdate(now)))
    return sum(move.is_moved for move in moves(closure, adds=adds, now=now))
