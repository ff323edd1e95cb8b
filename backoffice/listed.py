"""The requests of a list of the queue, all pages together, as its address asks for them now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.figure_filters import CONTRACT
from backoffice.filters import QueueFilter
from backoffice.queue_layout import GROUPS, Layout, layout_of
from backoffice.queues import QueueView, base_rows, number_of, sees_figures_only, view_of
from backoffice.tables.queue import PERSONAL_COLUMNS
from massy_grc.users.models import User
from requests.permissions import scope_of
from requests.querysets import ServiceRequestQuerySet

EVERY_FILTER = frozenset(QueueFilter.base_filters)
NOT_BEHIND_FIGURES = {"mes_services", "q"}  # no search by name where names are hidden


@dataclass(frozen=True)
class ListedRequests:
    """A list of the queue as its address asks for it, for one person now.

    Attributes:
        figures_only: whether nothing of it may name a person, a place or a number.
    """

    view: QueueView
    filtered: QueueFilter
    layout: Layout
    figures_only: bool

    @property
    def is_understood(self) -> bool:
        """Whether every filter makes sense."""
        return self.filtered.form.is_valid()

    @property
    def rows(self) -> ServiceRequestQuerySet:
        """Its requests in order, group after group."""
        return self.layout.arrange(self.filtered.qs).order_by(*self.layout.order.ordering())

    @property
    def order_words(self) -> list[tuple[str, str]]:
        """In which order they are, in words."""
        order = [(_("Ordre"), self.layout.sorting.words)]
        group = GROUPS.get(self.layout.group)
        return [(_("Groupées par"), str(group.label)), *order] if group else order

    def count(self, most: int) -> int:
        """How many there are; `most` + 1 stands for more."""
        return self.filtered.qs.order_by().values("pk")[: most + 1].count()


def listed_requests(
    query: str,
    user: User,
    now: datetime,
    *,
    names: Collection[str] = EVERY_FILTER,
    behind_figures: bool = False,
) -> ListedRequests | None:
    """The list that `query` names, for `user` now; None when they may not open it.

    Args:
        names: the filters that count.
        behind_figures: whether a list that a figure opens counts as well.
    """
    view = view_of(query, user, behind_figures=behind_figures)
    if view is None:
        return None
    figures_only = sees_figures_only(scope_of(user), view)
    params = QueryDict(query)
    asked = params.keys() & {*names} - (NOT_BEHIND_FIGURES if figures_only else set())
    rows = view.rows(base_rows(user, view, of_contract=CONTRACT in params), user, now)
    filtered = QueueFilter(params, queryset=rows, user=user, now=now, only=asked)
    layout = layout_of(
        params,
        view,
        number=lambda: number_of(filtered.qs, view),
        absent=PERSONAL_COLUMNS if figures_only else (),
    )
    return ListedRequests(view, filtered, layout, figures_only)


def first_listed(query: str, user: User, now: datetime, most: int) -> dict[int, int]:
    """Return the versions of the first requests in a list's order, by their ids.

    {} for a list that is not theirs, or whose filters make no sense.
    """
    listed = listed_requests(query, user, now)
    if listed is None or not listed.is_understood:
        return {}
    return dict(listed.rows.values_list("pk", "version")[:most])
