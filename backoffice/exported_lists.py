"""Which requests an export holds: those of the list as its owner may read it at that moment."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.actions.list_exports import MOST_ROWS
from backoffice.filters import QueueFilter
from backoffice.queue_layout import GROUPS, ORDER_LABELS, Layout, layout_of
from backoffice.queues import QueueView, base_rows, sees_figures_only, view_of
from backoffice.saved_views import kept_query
from backoffice.tables.queue import PERSONAL_COLUMNS
from massy_grc.users.models import User
from requests.permissions import scope_of
from requests.querysets import ServiceRequestQuerySet

SEARCH = "q"  # may name a person: an export never keeps it
NAMES = frozenset(QueueFilter.base_filters) - {SEARCH}
NOT_BEHIND_FIGURES = {"mes_services"}


@dataclass(frozen=True)
class ExportedList:
    """A list as somebody may export it now.

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
        order = [(_("Ordre"), str(ORDER_LABELS[self.layout.order_name]))]
        group = GROUPS.get(self.layout.group)
        return [(_("Groupées par"), str(group.label)), *order] if group else order

    def count(self) -> int:
        """How many there are; `MOST_ROWS` + 1 stands for more than an export may hold."""
        return self.filtered.qs.order_by().values("pk")[: MOST_ROWS + 1].count()


def exported_query(params: QueryDict, shown: str = "") -> str:
    """What is kept of a list's address for its export, as `kept_query`; figures' filters too."""
    return kept_query(params, shown, names=NAMES)


def exported_list(query: str, user: User, now: datetime) -> ExportedList | None:
    """The list that `query` names, for `user` now; None when they may not open it."""
    view = view_of(query, user, behind_figures=True)
    if view is None:
        return None
    figures_only = sees_figures_only(scope_of(user), view)
    params = QueryDict(query)
    asked = params.keys() & (NAMES - NOT_BEHIND_FIGURES if figures_only else NAMES)
    rows = view.rows(base_rows(user, view), user, now)
    filtered = QueueFilter(params, queryset=rows, user=user, now=now, only=asked)
    layout = layout_of(params, view, absent=PERSONAL_COLUMNS if figures_only else ())
    return ExportedList(view, filtered, layout, figures_only)


def rights_of(user: User) -> str:
    """A digest of all that decides what `user` may see; the same while nothing has changed."""
    scope = scope_of(user)
    held = (scope.rights, scope.departments, scope.teams, scope.roles, scope.closed)
    told = [str(scope.everything), *(",".join(sorted(one)) for one in held)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
