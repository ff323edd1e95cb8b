"""Letters on paper: those that wait to be printed, and noting that they were posted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from requests.exceptions import NotAllowed
from requests.models import Document
from requests.permissions import Right, scope_of


@transaction.atomic
def mark_posted(*, document_ids: Collection[int], actor, now: datetime | None = None) -> int:
    """Note that letters were printed and posted; those already noted keep their date.

    Args:
        document_ids: `Document` rows that wait to be printed; others are left alone.
        actor: a front-office agent.

    Returns:
        How many were noted by this call.

    Raises:
        NotAllowed: letters are the front office's.
    """
    if not scope_of(actor).may(Right.FRONT_OFFICE):
        raise NotAllowed
    waiting = Document.objects.filter(pk__in=document_ids, to_print=True, printed_at=None)
    return waiting.update(printed_at=now or timezone.now())
