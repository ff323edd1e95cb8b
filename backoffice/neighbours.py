"""The request before and after one, in the list that it was opened from: one of the queue, a
person's record, or what another request's page shows beside it.

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
from django.utils.translation import gettext as _

from backoffice.dashboard.links import WAY_BACK
from backoffice.listed import EVERY_FILTER, ListedRequests, listed_requests
from backoffice.queue_layout import PARAMS as LAYOUT
from backoffice.queue_orders import NEWEST, ORDERS
from backoffice.saved_views import OPENED_BY
from backoffice.shown_links import shown_beside
from massy_grc.common.paging import AFTER, BEFORE, Order, keyset_page, read_position
from massy_grc.common.posted import posted_id
from massy_grc.users.models import User
from requests.models import ServiceRequest
from requests.querysets import ServiceRequestQuerySet
from requests.references import parse_reference

LIST = "liste"  # the parameter that carries the list's address
KEPT = {*EVERY_FILTER, "vue", OPENED_BY, WAY_BACK, *LAYOUT}
RECORD, BESIDE = "fiche", "autour"  # whose list it is, where it is none of the queue
PLACE = "echanges"  # where one was in a record
PLACES = ("voir", AFTER, BEFORE)
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


def from_record(citizen_id: int, params: QueryDict) -> str:
    """Return what ends the address of each request opened from a person's record.

    Args:
        params: of the record's page, to come back to where one was.
    """
    query = urlencode({RECORD: str(citizen_id), PLACE: _place_in(params)})
    return f"?{urlencode({LIST: query})}"


def _place_in(params: QueryDict) -> str:
    return urlencode([(name, params.get(name, "")) for name in PLACES if name in params])


def from_beside(sr: ServiceRequest, params: QueryDict) -> str:
    """Return what ends the address of each request opened from another one's page.

    Args:
        params: of that page, whose own list is kept for the way back.
    """
    kept = {LIST: params.get(LIST, "")} if list_behind(params) else {}
    ends = [urlencode({BESIDE: sr.reference} | more) for more in (kept, {})]
    return f"?{urlencode({LIST: next(one for one in ends if len(one) <= LONGEST)})}"


def list_behind(params: QueryDict) -> dict[str, str]:
    """What the page of a request shows of the list that its address carries; {} without one."""
    query = params.get(LIST, "")
    if not query or len(query) > LONGEST:
        return {}
    url, words = _way_back(QueryDict(query))
    return {
        "list_url": url,
        "list_words": words,
        "list_carried": urlencode({LIST: query}),
        "list_end": f"?{urlencode({LIST: query})}",
    }


def _way_back(params: QueryDict) -> tuple[str, str]:
    """The address of a list, and what it is called; of the queue, where it is no other."""
    if (citizen := posted_id(params.get(RECORD))) is not None:
        place = _place_in(QueryDict(params.get(PLACE, "")))
        url = f"{reverse('backoffice:citizen', args=[citizen])}?{place}".rstrip("?")
        return f"{url}#echanges", _("Fiche citoyen")
    if reference := parse_reference(params.get(BESIDE, "")):
        url = reverse("backoffice:request", args=[reference])
        return with_list(url, params), _("Demande %(reference)s") % {"reference": reference}
    return f"{reverse('backoffice:queue')}?{list_query(params)}", _("Demandes")


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
    params = QueryDict(query)
    if BESIDE in params:
        return _neighbour_beside(reference, params, user, backwards=backwards)
    found = _rows_of(query, user, now)
    if found is None:
        return None
    rows, order, carried = found
    mark = _mark_of(rows, order, reference, params.get(AFTER, ""))
    if not mark:
        return None
    beyond = QueryDict(urlencode({BEFORE if backwards else AFTER: mark}))
    for one in keyset_page(rows, order=order, params=beyond, size=1).rows:
        return one.get_absolute_url() + carrying(carried, order)(one)
    return ""


def _neighbour_beside(
    reference: str, params: QueryDict, user: User, *, backwards: bool
) -> str | None:
    """The same among those that another request's page shows, in the order in which it does."""
    visible = ServiceRequest.objects.visible_to(user)
    middle = visible.filter(reference=parse_reference(params.get(BESIDE, ""))).first()
    shown = shown_beside(middle, user) if middle else []
    place = next((n for n, one in enumerate(shown) if one.reference == reference), None)
    if place is None:
        return None
    place += -1 if backwards else 1
    if not 0 <= place < len(shown):
        return ""
    return f"{shown[place].get_absolute_url()}?{urlencode({LIST: params.urlencode()})}"


def carried_to(sr: ServiceRequest, query: str, user: User, now: datetime) -> str:
    """Return what `carrying` does, for a request whose row is not at hand or has left the list."""
    listed = listed_requests(query, user, now, behind_figures=True)
    if listed is None or not listed.is_understood:
        return ""
    row = listed.layout.arrange(ServiceRequest.objects.filter(pk=sr.pk).by_turn_of(user)).get()
    return carrying(list_query(QueryDict(query)), listed.layout.order)(row)


def _rows_of(
    query: str, user: User, now: datetime
) -> tuple[ServiceRequestQuerySet, Order, str] | None:
    """The requests of a list that the person may open, their order, and how an address names it.

    None where it says nothing, or nothing that they may list.
    """
    params = QueryDict(query)
    if (citizen := posted_id(params.get(RECORD))) is not None:
        rows = ServiceRequest.objects.visible_to(user).filter(citizen=citizen)
        carried = urlencode({RECORD: str(citizen), PLACE: params.get(PLACE, "")})
        return rows.defer("search_vector"), ORDERS[NEWEST].order, carried
    listed = listed_requests(query, user, now, behind_figures=True) if query else None
    if listed is None or not listed.is_understood:
        return None
    return _readable(listed, user), listed.layout.order, list_query(params)


def _mark_of(rows: ServiceRequestQuerySet, order: Order, reference: str, told: str) -> str:
    """Where the request stood; else where it stands, blank when it is no longer in the list."""
    if read_position(told, text=order.text) is not None:
        return told
    row = rows.filter(reference=reference).first()
    return order.mark(row) if row else ""


def _readable(listed: ListedRequests, user: User) -> ServiceRequestQuerySet:
    """The rows that the person may open: a list behind a figure has others."""
    rows = listed.rows.defer("search_vector")
    return rows.visible_to(user) if listed.view.behind_figures else rows
