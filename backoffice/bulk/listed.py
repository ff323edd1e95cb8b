"""The first requests of a list of the queue, page after page, as they stand now."""

from datetime import datetime

from django.http import QueryDict

from backoffice.filters import QueueFilter
from backoffice.queue_layout import layout_of
from backoffice.queues import base_rows, view_of
from massy_grc.users.models import User


def first_listed(query: str, user: User, now: datetime, most: int) -> dict[int, int]:
    """Return the versions of the requests in a list's order, by their ids.

    {} for a list that is not theirs.

    Args:
        query: of the list's address.
    """
    params, view = QueryDict(query), view_of(query, user)
    if view is None:
        return {}
    rows = view.rows(base_rows(user, view), user, now)
    if params.keys() & QueueFilter.base_filters.keys():
        filtered = QueueFilter(params, queryset=rows, user=user, now=now, figures_only=False)
        if not filtered.form.is_valid():
            return {}
        rows = filtered.qs
    layout = layout_of(params, view)
    rows = layout.arrange(rows).order_by(*layout.order.ordering())
    return dict(rows.values_list("pk", "version")[:most])
