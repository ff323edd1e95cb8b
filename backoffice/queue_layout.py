"""How a list of requests is laid out: its columns, its order, what its rows are grouped by.

All of it stands in the list's address, and is kept with a saved view.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, Func, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce, Concat, Lower, TruncDate
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.presenting import SHORT_STATE
from backoffice.queues import LENGTH_CAP, ORDERS, QueueView, order_of
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
    "service": ("category", _("Service")),
    "teleprocedure": ("prestation", _("Téléprocédure")),
    "departement": ("department", _("Service responsable")),
    "equipe": ("team", _("Équipe d’accueil")),
    "retour": ("department_due_at", _("Retour à l’accueil")),
    "cloture": ("closed_at", _("Close le")),
    "action": ("action", _("Action")),
}
LABELS = dict(COLUMNS.values())  # by the table's names
SEEDS_TEN = frozenset(COLUMNS) - {"departement", "equipe", "retour", "cloture"}
ALWAYS = "sujet"  # it opens the request

ORDER_LABELS = {
    "echeance": _("échéance"),
    "recentes": _("plus récentes"),
    "anciennes": _("plus anciennes"),
}


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


def _named(row: str, *names: Any) -> Expression:
    """A key in the order of names without accents or capitals: the server has no ICU to sort them.

    Args:
        row: the path to the object, whose own key keeps namesakes apart.
    """
    words = Concat(*names, Value(""), output_field=CharField())  # no object: an empty text
    folded = Lower(Func(words, function="unaccent", output_field=CharField()))
    own = Coalesce(Cast(row, CharField()), Value(""))
    return Concat(folded, Value("\t"), own, output_field=CharField())


def _agent(record: Any) -> str:
    if record.assignee_id is None:
        return gettext("Sans chargé de dossier")
    return f"{record.assignee_last_name} {record.assignee_first_name}".strip()


_STATES = [state.value for state in State]
GROUPS = {
    "etat": Group(
        _("État"),
        Case(
            *(When(state=code, then=Value(f"{place:02}")) for place, code in enumerate(_STATES)),
            output_field=CharField(),
        ),
        lambda record: str(SHORT_STATE[State(record.state)]),
        "state",
    ),
    "departement": Group(
        _("Service responsable"),
        _named("department", "department__label"),
        lambda record: (
            catalogue_text(record.department_label or "") or gettext("Sans service métier")
        ),
        "department",
    ),
    "prestation": Group(
        _("Téléprocédure"),
        _named("prestation", "prestation__label"),
        lambda record: catalogue_text(record.prestation_label),
        "prestation",
    ),
    "charge": Group(
        _("Chargé de dossier"),
        _named("assignee", "assignee__last_name", Value(" "), "assignee__first_name"),
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
        group: a name of `GROUPS`, or blank.
    """

    columns: tuple[str, ...]
    group: str
    order: Order

    @property
    def hidden(self) -> tuple[str, ...]:
        """The table's columns that are left out."""
        return tuple(name for slug, (name, _label) in COLUMNS.items() if slug not in self.columns)

    @property
    def order_name(self) -> str:
        """What the address calls the order."""
        if not self.order.descending:
            return "anciennes" if self.order.field == "arrived_at" else "echeance"
        return "recentes"

    def arrange(self, rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
        """Return `rows` with the key of their group, if they are grouped."""
        if not self.group:
            return rows
        return rows.annotate(**{GROUP_KEY: GROUPS[self.group].key})

    def heading(self, record: Any) -> str:
        """The group of a row of `arrange`, in words."""
        return GROUPS[self.group].heading(record)


def layout_of(
    params: QueryDict,
    view: QueueView,
    *,
    absent: Collection[str] = (),
    usual: Collection[str] = SEEDS_TEN,
) -> Layout:
    """Return the layout that a list's address asks for; what it does not know is left out.

    Args:
        absent: the table's columns that the list may not show, to be grouped by neither.
        usual: the columns when the address asks for none.
    """
    asked = {*params.getlist(COLUMN)} & COLUMNS.keys()
    chosen = {slug for slug in {*(asked or usual), ALWAYS} if COLUMNS[slug][0] not in absent}
    group = params.get(GROUP, "")
    if group not in GROUPS or GROUPS[group].column in absent:
        group = ""
    order = order_of(view, params.get(ORDER, ""))
    return Layout(
        columns=tuple(slug for slug in COLUMNS if slug in chosen),
        group=group,
        order=replace(order, group=GROUP_KEY) if group else order,
    )


def told(params: QueryDict) -> list[tuple[str, str]]:
    """Return the layout that an address asks for, in words; nothing of what it leaves as it is."""
    words = []
    if asked := {*params.getlist(COLUMN)} & COLUMNS.keys():
        labels = [str(label) for slug, (_n, label) in COLUMNS.items() if slug in asked | {ALWAYS}]
        words.append((gettext("Colonnes"), ", ".join(labels)))
    if group := GROUPS.get(params.get(GROUP, "")):
        words.append((gettext("Groupées par"), str(group.label)))
    if order := ORDER_LABELS.get(params.get(ORDER, "")):
        words.append((gettext("Ordre"), str(order)))
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
