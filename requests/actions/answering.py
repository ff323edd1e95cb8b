"""The verb by which the requester answers what their form was recorded without."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from requests.actions.completion import fill_in, once_whole
from requests.actions.core import open_request, record, refresh_search
from requests.actions.filled import filled_with
from requests.enums import Verb
from requests.exceptions import IllegalTransition
from requests.models import ServiceRequest


@transaction.atomic
def answer_owed(
    *, request_id: int, given: Mapping[str, Any], now: datetime | None = None
) -> ServiceRequest:
    """Put the requester's answers into their form, as an agent's `complete_request` does.

    The clock starts again once nothing is missing any more. What an answer calls for in turn is
    asked.

    Args:
        given: the answers by key, checked by the form that asked for them.

    Raises:
        IllegalTransition: no answer is owed any more.
    """
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.SUPPLY, by_requester=True)
    owed = service_request.pieces.filter(received_at=None)
    if not any(piece.is_answer for piece in owed):
        raise IllegalTransition
    data = fill_in(service_request, filled_with(service_request, given), None, now)
    missing = service_request.pieces.filter(received_at=None).count()
    record(
        service_request,
        Verb.SUPPLY,
        by_requester=True,
        to=once_whole(service_request),
        now=now,
        data={**data, "still_missing": missing},
    )
    refresh_search(service_request)
    return service_request
