"""The orders of a list of requests: by each column that can be ordered, both ways.

What a request has no value for stands last, whichever way.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce, Collate, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from massy_grc.common.folding import folded
from massy_grc.common.paging import Order
from prestations.enums import RequesterKind
from requests.enums import State
from requests.models import RequestEvent
from requests.querysets import FIRST

ORDER_KEY = "order_key"  # the annotation that rows are ordered by, where no column of theirs is
END = datetime(9000, 1, 1, tzinfo=UTC)  # after any date
END_WORD = "\U0010ffff"  # after any word
TURN, NEWEST, DUE, RETURN = "tour", "recentes", "echeance", "retour"
BY_DUE_DATE = Order("due_at")
BY_TURN = Order("turn_at")  # of `by_turn_of`


@dataclass(frozen=True)
class Sorting:
    """One order.

    Attributes:
        column: the table's column whose heading asks for it; blank: none does.
        key: annotated as `ORDER_KEY` where the order is by that.
        indexed: whether an index follows it over all requests; no list without end has the others.
    """

    column: str
    label: str | Promise
    way: str | Promise
    order: Order
    key: Combinable | None = None
    indexed: bool = False

    @property
    def words(self) -> str:
        return f"{self.label}, {self.way}"


def named(row: str, *names: Any) -> Expression:
    """A key in the order of names without accents or capitals: the server has no ICU to sort them.

    Args:
        row: the path to the object, whose own key keeps namesakes apart.
    """
    words = Concat(*names, Value(""), output_field=CharField())  # no object: an empty text
    own = Coalesce(Cast(row, CharField()), Value(""))
    return Concat(folded(words), Value("\t"), own, output_field=CharField())


BY_STATE = Case(
    *(When(state=state, then=Value(f"{place:02}")) for place, state in enumerate(State.values)),
    output_field=CharField(),
)
_act = RequestEvent.objects.filter(request=OuterRef("pk"), number=OuterRef("event_count"))
LAST_CHANGE = Coalesce(Subquery(_act.order_by().values("at")), "arrived_at")

_EARLIEST, _LATEST = _("le plus tôt d’abord"), _("le plus tard d’abord")
_DATES = _EARLIEST, _LATEST
_NAMES = _("de A à Z"), _("de Z à A")
_STEPS = _("dans l’ordre du traitement"), _("dans l’ordre inverse")


def _both(
    slug: str,
    column: str,
    label: str | Promise,
    key: Callable[[Any], Expression],
    ways: tuple[Any, Any] = _NAMES,
    *,
    latest_first: bool = False,
    indexed: str = "",
) -> dict[str, Sorting]:
    """Both ways of one order, by their names; a heading asks for the first one first.

    Args:
        key: given what stands after all others, which a row without a value has.
        indexed: the name of the one that an index follows.
    """
    text = ways is not _DATES
    ends = (END_WORD, "") if text else (END, FIRST)
    both = {}
    for name, way, end in zip((slug, f"-{slug}"), ways, ends, strict=True):
        order = Order(ORDER_KEY, descending=name != slug, text=text)
        by = Collate(key(end), "C") if text else key(end)
        both[name] = Sorting(column, label, way, order, by, indexed=name == indexed)
    return dict(reversed(both.items())) if latest_first else both


def _date(field: str) -> Callable[[datetime], Expression]:
    return lambda end: Coalesce(field, Value(end, output_field=DateTimeField()))


def _text(key: Expression, none: Q | None = None) -> Callable[[str], Expression]:
    """A text, but for rows that have `none`."""
    if none is None:
        return lambda end: key
    return lambda end: Case(When(none, then=Value(end)), default=key, output_field=CharField())


ORDERS: dict[str, Sorting] = {
    TURN: Sorting("", _("Votre tour"), _("épinglées puis échéance"), BY_TURN),
    DUE: Sorting("due_at", _("Échéance"), _EARLIEST, BY_DUE_DATE),
    f"-{DUE}": Sorting("due_at", _("Échéance"), _LATEST, Order("due_at", descending=True)),
    NEWEST: Sorting(
        "arrived_at", _("Date"), _LATEST, Order("arrived_at", descending=True), indexed=True
    ),
    "anciennes": Sorting("arrived_at", _("Date"), _EARLIEST, Order("arrived_at"), indexed=True),
    **_both("etat", "state", _("État"), _text(BY_STATE), _STEPS),
    **_both(
        "demandeur",
        "source",
        _("Demandeur"),
        _text(
            folded("requester_name"),
            none=Q(requester_kind=RequesterKind.ANONYME) | Q(requester_name=""),
        ),
    ),
    **_both(
        "charge",
        "assignee",
        _("Chargé de dossier"),
        _text(
            named("assignee", "assignee__last_name", Value(" "), "assignee__first_name"),
            none=Q(assignee=None),
        ),
    ),
    **_both(
        "service",
        "category",
        pgettext_lazy("la colonne", "Service"),
        _text(named("category", "category__label")),
    ),
    **_both(
        "teleprocedure",
        "prestation",
        _("Téléprocédure"),
        _text(named("prestation", "prestation__label")),
    ),
    **_both(
        "departement",
        "department",
        _("Service responsable"),
        _text(named("department", "department__label"), none=Q(department=None)),
    ),
    **_both("equipe", "team", _("Équipe d’accueil"), _text(named("team", "team__label"))),
    **_both(
        RETURN,
        "department_due_at",
        pgettext_lazy("ce que le service rend", "Retour à l’accueil"),
        _date("department_due_at"),
        _DATES,
    ),
    **_both(
        "cloture",
        "closed_at",
        _("Close le"),
        _date("closed_at"),
        _DATES,
        latest_first=True,
        indexed="-cloture",
    ),
    **_both(
        "changement",
        "changed_at",
        _("Dernier changement"),
        lambda end: LAST_CHANGE,
        _DATES,
        latest_first=True,
    ),
}


def offered(usual: str, *, absent: Collection[str], short: bool) -> list[str]:
    """The names of the orders that a list may have.

    Args:
        usual: the list's own, when no other is asked for.
        absent: the table's columns that it may not show, nor be ordered by.
        short: whether its length is bounded; else it has only orders that an index follows.
    """
    return [
        name
        for name, one in ORDERS.items()
        if one.column not in absent and (name == usual or name != TURN) and (short or one.indexed)
    ]


def asked_by_heading(column: str, now: str, names: Collection[str]) -> str:
    """The order that a click on a column's heading gives; blank: none.

    Args:
        now: the order of the list, which is turned round by its own heading.
        names: the orders that it may have.
    """
    of_it = [name for name in names if ORDERS[name].column == column]
    others = [name for name in of_it if name != now]
    return others[0] if others else ""
