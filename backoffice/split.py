"""The request that is opened beside a list, so that one reads many without leaving it."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from backoffice.access import AgentRequest
from backoffice.actions.accesses import record_opening
from backoffice.neighbours import carried_to, list_query
from backoffice.request_page import answers_of, standing_of
from backoffice.timeline import timeline_of
from requests.models import ServiceRequest

BESIDE = "apercu"  # the parameter that names it
FIRST, LAST = "oui", "fin"  # its values for those of the page
LAST_ITEMS = 6
# beside an opened request there is room for few of the table's columns
COLUMNS = frozenset({"etat", "source", "sujet", "echeance"})


def reference_beside(params: QueryDict, rows: Sequence[ServiceRequest]) -> str:
    """Return the reference that is to be read beside the list of `rows`; blank without any."""
    asked = params.get(BESIDE, "")
    if asked in (FIRST, LAST):
        return rows[0 if asked == FIRST else -1].reference if rows else ""
    return asked[:20]


def opening(params: QueryDict) -> str:
    """Return the address that opens a request beside the list; its reference ends it."""
    alone = closing(params)
    return f"{alone}{'&' if len(alone) > 1 else ''}{BESIDE}="


def closing(params: QueryDict) -> str:
    """Return the address of the same page of the list alone."""
    kept = params.copy()
    kept.pop(BESIDE, None)
    return f"?{kept.urlencode()}"


def pane_of(request: AgentRequest, reference: str) -> dict[str, Any]:
    """What is shown of a request beside the list; the look is recorded as that at its page.

    Empty when there is none of this reference that the person may know of.
    """
    found = ServiceRequest.objects.visible_to(request.user).select_related(
        "prestation", "form_version", "assignee", "front_agent"
    )
    sr = found.filter(reference=reference).first()
    if sr is None:
        return {}
    record_opening(request.user, sr)
    now = timezone.now()
    items = timeline_of(sr)
    alerts = list(dict.fromkeys(alert.kind for alert in sr.alerts.filter(cleared_at=None)))
    return {
        "sr": sr,
        "list_end": carried_to(sr, list_query(request.GET), request.user, now),
        **standing_of(sr, now, alerts),
        **answers_of(sr, list(sr.attachments.all()), items),
        "items": items[-LAST_ITEMS:],
        "earlier": max(len(items) - LAST_ITEMS, 0),
    }
