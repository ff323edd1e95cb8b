"""How a list of requests is laid out: its columns, its order, what its rows are grouped by.

All of it stands in the list's address, and is kept with a saved view.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.presenting import SHORT_STATE
from backoffice.queue_orders import (
    BY_STATE,
    LAST_CHANGE,
    ORDER_KEY,
    ORDERS,
    Sorting,
    asked_by_heading,
    named,
    offered,
)
from backoffice.queues import LENGTH_CAP, QueueView
from massy_grc.common.paging import Order
from massy_grc.common.words import day_words
from prestations.calendars import PARIS
from prestations.translation import catalogue_text
from requests.enums import State
from requests.querysets import ServiceRequestQuerySet

COLUMN, GROUP, ORDER = "colonne", "groupe", "tri"
PARAMS = frozenset({COLUMN, GROUP, ORDER})
GROUP_KEY = "group_key"  # the annotation that a grouped list is ordered by first

# What an address calls each column of `backoffice.tables.queue.QueueTable`, and what a reader does.
COLUMNS = {
    "canal": ("channel", _("Canal")),
    "source": ("source", _("Source")),
    "etat": ("state", _("État")),
    "charge": ("assignee", _("Chargé de dossier")),
    "sujet": ("subject", _("Sujet")),
    "date": ("arrived_at", _("Date")),
    "echeance": ("due_at", _("Échéance")),
    "service": ("category", pgettext_lazy("la colonne", "Service")),
    "teleprocedure": ("prestation", _("Téléprocédure")),
    "departement": ("department", _("Service responsable")),
    "equipe": ("team", _("Équipe d’accueil")),
    "retour": ("department_due_at", pgettext_lazy("ce que le service rend", "Retour à l’accueil")),
    "cloture": ("closed_at", _("Close le")),
    "changement": ("changed_at", _("Dernier changement")),
    "action": ("action", _("Action")),
}
LABELS = dict(COLUMNS.values())  # by the table's names
SEEDS_TEN = frozenset(COLUMNS) - {"departement", "equipe", "retour", "cloture", "changement"}
ALWAYS = "sujet"  # it opens the request
LEAST_TOLD = "teleprocedure"  # mostly the subject again


@dataclass(frozen=True)
class Group:
    """What the rows of a list can be grouped by.

    Attributes:
        key: a text by which the groups follow one another; equal in one group alone.
        heading: the group of a row, in words.
        column: the table's column that tells the same; a list without it is not grouped so.
    """

    label: str | Promise
    key: Combinable
    heading: Callable[[Any], str]
    column: str


def _agent(record: Any) -> str:
    if record.assignee_id is None:
        return gettext("Sans chargé de dossier")
    return f"{record.assignee_last_name} {record.assignee_first_name}".strip()


GROUPS = {
    "etat": Group(
        _("État"),
        BY_STATE,
        lambda record: str(SHORT_STATE[State(record.state)]),
        "state",
    ),
    "departement": Group(
        _("Service responsable"),
        named("department", "department__label"),
        lambda record: (
            catalogue_text(record.department_label or "") or gettext("Sans service responsable")
        ),
        "department",
    ),
    "prestation": Group(
        _("Téléprocédure"),
        named("prestation", "prestation__label"),
        lambda record: catalogue_text(record.prestation_label),
        "prestation",
    ),
    "charge": Group(
        _("Chargé de dossier"),
        named("assignee", "assignee__last_name", Value(" "), "assignee__first_name"),
        _agent,
        "assignee",
    ),
    "jour": Group(
        _("Jour de l’échéance"),
        Cast(TruncDate("due_at", tzinfo=PARIS), CharField()),
        lambda record: day_words(record.due_at.astimezone(PARIS).date()),
        "due_at",
    ),
}


@dataclass(frozen=True)
class Layout:
    """The layout of one list.

    Attributes:
        columns: names of `COLUMNS`, in their order.
        chosen: whether its address names them.
        group: a name of `GROUPS`, or blank.
        order_name: a name of `ORDERS`.
        orders: those that the list may have.
        short: whether its length is bounded: else no group, and only orders that an index follows.
        refused: whether its address asks for what a list so long has not.
    """

    columns: tuple[str, ...]
    chosen: bool
    group: str
    order_name: str
    orders: tuple[str, ...]
    short: bool = True
    refused: bool = False

    @property
    def sorting(self) -> Sorting:
        return ORDERS[self.order_name]

    @property
    def order(self) -> Order:
        """The order of its rows: first of their groups, if they are grouped."""
        order = self.sorting.order
        return replace(order, group=GROUP_KEY) if self.group else order

    @property
    def hidden(self) -> tuple[str, ...]:
        """The table's columns that are left out."""
        return tuple(name for slug, (name, _label) in COLUMNS.items() if slug not in self.columns)

    def turned_by(self, column: str) -> str:
        """The order that the heading of a column of the table asks for; blank: none."""
        return asked_by_heading(column, self.order_name, self.orders)

    def arrange(self, rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
        """Return `rows` with what orders and groups them, and their last change if it is shown."""
        keys: dict[str, Any] = {}
        if self.group:
            keys[GROUP_KEY] = GROUPS[self.group].key
        if self.sorting.key is not None:
            keys[ORDER_KEY] = self.sorting.key
        if "changement" in self.columns:
            keys["changed_at"] = LAST_CHANGE
        return rows.annotate(**keys) if keys else rows

    def heading(self, record: Any) -> str:
        """The group of a row of `arrange`, in words."""
        return GROUPS[self.group].heading(record)


def layout_of(
    params: QueryDict,
    view: QueueView,
    *,
    number: Callable[[], int],
    absent: Collection[str] = (),
    usual: frozenset[str] = SEEDS_TEN,
) -> Layout:
    """Return the layout that a list's address asks for; what it does not know is left out.

    Open requests are few, whatever the town; others are more each year. So a list of all of them is
    grouped, or in an order that no index follows, only while it is short.

    Args:
        number: counts its requests, up to one more than `LENGTH_CAP`.
        absent: the table's columns that the list may not show: they neither order nor group it.
        usual: the columns when the address asks for none.
    """
    group, order = params.get(GROUP, ""), params.get(ORDER, "")
    if group not in GROUPS or GROUPS[group].column in absent:
        group = ""
    # behind a figure stand requests that only others read: no order may tell their names
    silent = {*absent, "source"} if view.behind_figures else absent
    short = not view.endless or number() <= LENGTH_CAP
    orders = offered(view.order, absent=silent, short=short)
    known = order in offered(view.order, absent=silent, short=True)
    refused = not short and bool(group or (known and order not in orders))
    order_name = order if order in orders else view.order
    asked = {*params.getlist(COLUMN)} & COLUMNS.keys()
    columns = {*(asked or _with_order(usual, order_name)), ALWAYS}
    return Layout(
        columns=tuple(
            slug
            for slug, (name, _label) in COLUMNS.items()
            if slug in columns and name not in absent
        ),
        chosen=bool(asked),
        group=group if short else "",
        order_name=order_name,
        orders=tuple(orders),
        short=short,
        refused=refused,
    )


def _with_order(usual: frozenset[str], order_name: str) -> frozenset[str]:
    """The usual columns; the one that orders the list takes the place of the least told."""
    if usual is not SEEDS_TEN:
        return usual
    ordering = {slug for slug, (name, _l) in COLUMNS.items() if name == ORDERS[order_name].column}
    return usual if ordering <= usual else usual - {LEAST_TOLD} | ordering


def told(params: QueryDict) -> list[tuple[str, str]]:
    """Return the layout that an address asks for, in words; nothing of what it leaves as it is."""
    words = []
    if asked := {*params.getlist(COLUMN)} & COLUMNS.keys():
        labels = [str(label) for slug, (_n, label) in COLUMNS.items() if slug in asked | {ALWAYS}]
        words.append((gettext("Colonnes"), ", ".join(labels)))
    if group := GROUPS.get(params.get(GROUP, "")):
        words.append((gettext("Groupées par"), str(group.label)))
    if order := ORDERS.get(params.get(ORDER, "")):
        words.append((gettext("Ordre"), order.words))
    return words


def keep_layout(params: QueryDict, kept: QueryDict) -> None:
    """Put what `params` says of the layout into `kept`, in one writing."""
    asked = {*params.getlist(COLUMN)} & COLUMNS.keys()
    if asked and asked | {ALWAYS} != SEEDS_TEN:
        kept.setlist(COLUMN, sorted(asked | {ALWAYS}))
    if params.get(GROUP) in GROUPS:
        kept.setlist(GROUP, [params.get(GROUP, "")])
    if params.get(ORDER) in ORDERS:
        kept.setlist(ORDER, [params.get(ORDER, "")])


def sizes_of(rows: ServiceRequestQuerySet) -> Mapping[str, int]:
    """Count the rows of `Layout.arrange` by the key of their group, in one query.

    Empty when there are more than `LENGTH_CAP`: the cost does not grow with the table.
    """
    keys = list(rows.order_by().values_list(GROUP_KEY, flat=True)[: LENGTH_CAP + 1])
    return Counter(keys) if len(keys) <= LENGTH_CAP else {}
