"""The request before and after one, in the list that it was opened from.

Its page carries the list's address from that request on, and asks nothing of the database for it:
the neighbour is looked for when somebody turns to it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from backoffice.dashboard.links import WAY_BACK
from backoffice.listed import EVERY_FILTER, ListedRequests, listed_requests
from backoffice.queue_layout import PARAMS as LAYOUT
from backoffice.saved_views import OPENED_BY
from massy_grc.common.paging import AFTER, BEFORE, Order, keyset_page, read_position
from massy_grc.users.models import User
from requests.models import ServiceRequest
from requests.querysets import ServiceRequestQuerySet

LIST = "liste"  # the parameter that carries the list's address
KEPT = {*EVERY_FILTER, "vue", OPENED_BY, WAY_BACK, *LAYOUT}
LONGEST = 1500  # of what an address carries; a list that takes more is not carried


def list_query(params: QueryDict) -> str:
    """Return what of a list's address says which requests it holds, in which order."""
    return urlencode([(name, params.getlist(name)) for name in params if name in KEPT], doseq=True)


def carrying(query: str, order: Order) -> Callable[[Any], str]:
    """Return what ends the address of each request opened from a list, by its row there.

    Args:
        query: of `list_query`.
    """
    beginning = f"?{LIST}={quote(f'{query}&{AFTER}=', safe='')}"
    if len(beginning) > LONGEST:
        return lambda row: ""
    return lambda row: beginning + quote(quote(order.mark(row), safe=""), safe="")


def list_behind(params: QueryDict) -> dict[str, str]:
    """What the page of a request shows of the list that its address carries; {} without one."""
    query = params.get(LIST, "")
    if not query or len(query) > LONGEST:
        return {}
    return {
        "list_url": f"{reverse('backoffice:queue')}?{list_query(QueryDict(query))}",
        "list_carried": urlencode({LIST: query}),
        "list_end": f"?{urlencode({LIST: query})}",
    }


def with_list(url: str, params: QueryDict) -> str:
    """Return an address about the same request with the list that `params` carry, if any."""
    return url + list_behind(params).get("list_end", "")


def neighbour_of(
    reference: str, query: str, user: User, now: datetime, *, backwards: bool
) -> str | None:
    """Return the address of the request after one in a list; before it, if `backwards`.

    Where the request stood when the list was read decides, so that what has been done to it since
    skips none of the others.

    Returns:
        "" at the list's end; None where one cannot tell where that is.
    """
    listed = listed_requests(query, user, now, behind_figures=True) if query else None
    if listed is None or not listed.is_understood:
        return None
    params = QueryDict(query)
    mark = _mark_of(listed, user, reference, params.get(AFTER, ""))
    if not mark:
        return None
    order, rows = listed.layout.order, _readable(listed, user)
    beyond = QueryDict(urlencode({BEFORE if backwards else AFTER: mark}))
    for found in keyset_page(rows, order=order, params=beyond, size=1).rows:
        return found.get_absolute_url() + carrying(list_query(params), order)(found)
    return ""


def carried_to(sr: ServiceRequest, query: str, user: User, now: datetime) -> str:
    """Return what `carrying` does, for a request whose row is not at hand or has left the list."""
    listed = listed_requests(query, user, now, behind_figures=True)
    if listed is None or not listed.is_understood:
        return ""
    row = listed.layout.arrange(ServiceRequest.objects.filter(pk=sr.pk).by_turn_of(user)).get()
    return carrying(list_query(QueryDict(query)), listed.layout.order)(row)


def _mark_of(listed: ListedRequests, user: User, reference: str, told: str) -> str:
    """Where the request stood; else where it stands, blank when it is no longer in the list."""
    order = listed.layout.order
    if read_position(told, text=order.text) is not None:
        return told
    row = _readable(listed, user).filter(reference=reference).first()
    return order.mark(row) if row else ""


def _readable(listed: ListedRequests, user: User) -> ServiceRequestQuerySet:
    """The rows that the person may open: a list behind a figure has others."""
    rows = listed.rows.defer("search_vector")
    return rows.visible_to(user) if listed.view.behind_figures else rows
