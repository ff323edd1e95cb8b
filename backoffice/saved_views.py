"""Views of the queue kept under a name: what is kept of an address, and whose they are."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from backoffice.filters import QueueFilter
from backoffice.models import SavedView
from backoffice.queue_layout import keep_layout
from backoffice.queues import base_rows, sees_figures_only, view_of
from massy_grc.users.models import User
from requests.permissions import scope_of
from requests.querysets import ServiceRequestQuerySet

OPENED_BY = "enregistree"  # the parameter that names the saved view of a list
MOST_SHOWN = 15  # beside the list: each is counted with every page
# what may name a citizen, and what only a figure's link asks
NEVER_KEPT = {"q", "sauf", "renvoi", "contrat"}
KEPT = frozenset(QueueFilter.base_filters) - NEVER_KEPT


def kept_query(params: QueryDict, shown: str = "", *, names: Collection[str] = KEPT) -> str:
    """Return what is kept of a list's address: its view, filters and layout, in one writing.

    A text searched for is left out: it may name a person.

    Args:
        shown: the slug of the view on the screen; each role has another first one.
        names: the filters that may be kept.
    """
    kept = QueryDict(mutable=True)
    for name in sorted(params.keys() & {*names, "vue"}):
        kept.setlist(name, sorted({value for value in params.getlist(name) if value}))
    keep_layout(params, kept)
    if shown:
        kept["vue"] = shown
    return urlencode(sorted(kept.lists()), doseq=True)


def filter_of(query: str, user: User, rows: ServiceRequestQuerySet, now: datetime) -> QueueFilter:
    """The filters that a kept query uses, on `rows`."""
    params = QueryDict(query)
    return QueueFilter(params, queryset=rows, user=user, now=now, only=params.keys() & KEPT)


def offered_views(user: User) -> list[SavedView]:
    """The saved views that `user` may open today, their own first; one query."""
    offered = SavedView.objects.offered_to(user)
    return [one for one in offered if view_of(one.query, user) is not None]


def beside_lists(offered: Sequence[SavedView], user: User) -> Sequence[SavedView]:
    """Those of `offered_views` shown beside the lists."""
    return [] if sees_figures_only(scope_of(user)) else offered[:MOST_SHOWN]


def rows_of(saved: SavedView, user: User, now: datetime) -> ServiceRequestQuerySet:
    """The requests that a saved view holds for `user`: of those they may see."""
    view = view_of(saved.query, user)
    if view is None:
        return base_rows(user).none()
    rows = view.rows(base_rows(user, view), user, now)
    return filter_of(saved.query, user, rows, now).qs


def address_of(saved: SavedView) -> str:
    """Where its list is read."""
    return f"{reverse('backoffice:queue')}?{saved.query}&{OPENED_BY}={saved.pk}"


def first_opened(offered: Sequence[SavedView], user: User) -> SavedView | None:
    """The one of `offered_views` that the lists of this person's roles open on, if any."""
    roles = scope_of(user).roles
    return next((one for one in offered if one.opens and one.role in roles), None)


def opened(offered: Sequence[SavedView], user: User, params: QueryDict) -> SavedView | None:
    """The one of `offered_views` that opened a list, while it is still of the same view."""
    saved = next((one for one in offered if str(one.pk) == params.get(OPENED_BY)), None)
    if saved is None or view_of(saved.query, user) != view_of(params.urlencode(), user):
        return None
    return saved
