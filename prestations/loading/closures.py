"""Loading of the closures of reference.yaml; what delays count waits for a decision."""

import datetime as dt
from typing import Any

from django.utils import timezone

from prestations.loading.rows import Summary, replace_children
from prestations.models import Closure, Prestation


def write_closures(items: list[dict[str, Any]], summary: Summary) -> None:
    """Make the closures that no administrator added those of the file.

    A whole day of the whole town moves the dates of requests: one that comes is announced and not
    counted, one that goes is counted and not announced any more, until an administrator has seen
    what moves (`requests.actions.decide_closure`). Before the catalogue is loaded there is no
    request, and nothing to decide.
    """
    rows = [closure_columns(item) for item in items]
    whole = [row for row in rows if row["site_id"] is row["opens_at"] is row["closes_at"] is None]
    loaded = Closure.objects.filter(added_by=None)
    days = loaded.whole_town()
    others = [row for row in rows if row not in whole]
    replace_children(loaded.exclude(pk__in=days.values("pk")), others, summary)
    has_requests = Prestation.objects.exists()
    known = {(one.start, one.end, one.label): one for one in days}
    for row in whole:
        one = known.pop((row["start"], row["end"], row["label"]), None)
        if one is None:
            waits = has_requests and row["end"] >= timezone.localdate()
            Closure.objects.create(**row, counted=not waits)
            summary.created += 1
        elif one.removed_at is not None:
            one.removed_at = None
            one.save(update_fields=["removed_at"])
            summary.changed += 1
    for one in known.values():
        if one.removed_at is None:
            one.removed_at = timezone.now()
            one.counted = one.counted and has_requests
            one.save(update_fields=["removed_at", "counted"])
            summary.retired += 1
    waiting = Closure.objects.to_decide(timezone.localdate()).count()
    if waiting:
        summary.warnings.append(
            f"closures: {waiting} changed; an administrator decides on the calendar page when"
            " delays follow"
        )


def closure_columns(item: dict[str, Any]) -> dict[str, Any]:
    """Columns of a closure as the files write it."""
    return {
        "site_id": item["site"],
        "start": dt.date.fromisoformat(item["start"]),
        "end": dt.date.fromisoformat(item["end"]),
        "opens_at": _time(item["opens"]),
        "closes_at": _time(item["closes"]),
        "label": item["label"],
    }


def _time(value: str | None) -> dt.time | None:
    return dt.time.fromisoformat(value) if value else None
