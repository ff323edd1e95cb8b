"""The end of the time in which two records made one can be made two again."""

from datetime import datetime

from citizens.actions import settle_merge
from citizens.models import UNDO_FOR, CitizenMerge
from requests.retention import held

MOVED_REQUESTS = "requests.ServiceRequest.citizen"
BATCH = 200


def settle_merges(*, now: datetime) -> int:
    """Settle the merges whose time is over; returns how many.

    One that moved a request under a legal hold waits: what the town holds of it stays as it is.
    """
    over = CitizenMerge.objects.fresh().filter(merged_at__lt=now - UNDO_FOR).order_by("merged_at")
    settled = 0
    for merge in over[:BATCH]:
        moved = merge.moved.get(MOVED_REQUESTS, [])
        if not held().filter(pk__in=moved).exists():
            settled += settle_merge(merge_id=merge.pk, now=now)
    return settled
