"""The columns of an exported list, read from rows of plain values."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.presenting import is_late
from backoffice.queue_layout import LABELS
from backoffice.queue_orders import LAST_CHANGE
from massy_grc.common.spreadsheets import Value
from massy_grc.users.models import User
from prestations.enums import Channel, RequesterKind
from prestations.translation import catalogue_text
from requests.enums import State
from requests.permissions import Scope
from requests.querysets import ServiceRequestQuerySet
from requests.rekeying import IS_REKEYED, NUMBER, Part, part_of

PLAIN = (
    *("channel", "state", "prestation", "urgent"),
    *("arrived_at", "due_at", "paused_at", "closed_at", "department_due_at"),
)
JOINED = {
    "prestation_label": F("prestation__label"),
    "category_label": F("category__label"),
    "department_label": F("department__label"),
    "team_label": F("team__label"),
    "changed_at": LAST_CHANGE,
    "is_rekeyed": IS_REKEYED,
    "is_to_rekey": ExpressionWrapper(part_of(Part.LEFT), BooleanField()),
}
PERSONAL = (
    *("reference", "requester_kind", "requester_name", "requester_address", "place", "subject"),
)
NAMED = {
    "agent_first_name": F("assignee__first_name"),
    "agent_last_name": F("assignee__last_name"),
    "rekeyed_number": NUMBER,
}


@dataclass(frozen=True)
class Context:
    """What the columns need to know besides the row; words are looked up once.

    Attributes:
        reserved: in the place of what only named agents read (L7).
    """

    now: datetime
    scope: Scope
    channels: dict[str, str]
    states: dict[str, str]
    kinds: dict[str, str]
    yes: str
    no: str
    nowhere: str
    anonymous: str
    reserved: str

    @classmethod
    def of(cls, scope: Scope, now: datetime) -> "Context":
        return cls(
            now,
            scope,
            channels=_words(Channel.choices),
            states=_words(State.choices),
            kinds=_words(RequesterKind.choices),
            yes=_("Oui"),
            no=_("Non"),
            nowhere=_("Sans service responsable"),
            anonymous=_("ANONYME"),
            reserved=_("Réservée aux agents nommés"),
        )


@dataclass(frozen=True)
class Column:
    """One column; `personal` ones are not for those who read figures only.

    Attributes:
        of: the column of the list that it tells, of `backoffice.queue_layout.COLUMNS`; blank: none,
            and each file has it.
    """

    of: str
    label: str | Promise
    read: Callable[[Any, Context], Value]
    personal: bool = False


def _words(choices: Sequence) -> dict[str, str]:
    return {code: str(label) for code, label in choices}


def _open_to_them(read: Callable[[Any, Context], Value]) -> Callable[[Any, Context], Value]:
    """Nothing of a request that a figure counts and only others read."""
    return lambda row, context: (
        "" if context.scope.is_closed(row.prestation) else read(row, context)
    )


def _subject(row: Any, context: Context) -> Value:
    if context.scope.is_closed(row.prestation):
        return context.reserved
    return catalogue_text(row.subject)


def _agent(row: Any, context: Context) -> Value:
    return User(
        first_name=row.agent_first_name or "", last_name=row.agent_last_name or ""
    ).list_name


def _day_of(name: str) -> Callable[[Any, Context], Value]:
    """A deadline is a day: the hour that it is computed with says nothing."""

    def read(row: Any, context: Context) -> Value:
        moment = getattr(row, name)
        return timezone.localdate(moment) if moment else None

    return read


def _name(row: Any, context: Context) -> Value:
    anonymous = row.requester_kind == RequesterKind.ANONYME
    return context.anonymous if anonymous else row.requester_name


def _place(row: Any, context: Context) -> Value:
    if row.place or row.requester_kind == RequesterKind.ANONYME:
        return row.place
    return row.requester_address


def _rekeyed(row: Any, context: Context) -> Value:
    """Blank where nothing is typed again."""
    if row.is_rekeyed:
        return context.yes
    return context.no if row.is_to_rekey else ""


PLACE = Column("source", gettext_lazy("Lieu"), _open_to_them(_place), True)
# what the table shows bears the name that its column has there
COLUMNS = (
    Column("", gettext_lazy("Référence"), _open_to_them(lambda row, context: row.reference), True),
    Column("canal", LABELS["channel"], lambda row, context: context.channels.get(row.channel, "")),
    Column("etat", LABELS["state"], lambda row, context: context.states.get(row.state, "")),
    Column(
        "teleprocedure",
        LABELS["prestation"],
        lambda row, context: catalogue_text(row.prestation_label or ""),
    ),
    Column("teleprocedure", gettext_lazy("Ressaisie"), _rekeyed),
    Column(
        "teleprocedure",
        gettext_lazy("N° de dossier"),
        _open_to_them(lambda row, context: row.rekeyed_number or ""),
        True,
    ),
    Column(
        "service",
        LABELS["category"],
        lambda row, context: catalogue_text(row.category_label or ""),
    ),
    Column(
        "departement",
        LABELS["department"],
        lambda row, context: catalogue_text(row.department_label or "") or context.nowhere,
    ),
    Column(
        "equipe",
        LABELS["team"],
        lambda row, context: catalogue_text(row.team_label or ""),
    ),
    Column("charge", LABELS["assignee"], _agent, True),
    Column("date", gettext_lazy("Arrivée le"), lambda row, context: row.arrived_at),
    Column("echeance", LABELS["due_at"], _day_of("due_at")),
    Column("retour", LABELS["department_due_at"], _day_of("department_due_at")),
    Column("cloture", LABELS["closed_at"], lambda row, context: row.closed_at),
    Column("changement", LABELS["changed_at"], lambda row, context: row.changed_at),
    Column(
        "sujet",
        gettext_lazy("Urgente"),
        lambda row, context: context.yes if row.urgent else context.no,
    ),
    Column(
        "echeance",
        gettext_lazy("En retard"),
        lambda row, context: context.yes if is_late(row, context.now) else context.no,
    ),
    Column(
        "source",
        gettext_lazy("Type de demandeur"),
        _open_to_them(lambda row, context: context.kinds.get(row.requester_kind, "")),
        True,
    ),
    Column("source", gettext_lazy("Nom"), _open_to_them(_name), True),
    PLACE,
    Column("sujet", LABELS["subject"], _subject, True),
)


def columns_for(
    shown: Collection[str], *, figures_only: bool, placed: bool = False
) -> list[Column]:
    """The columns of a list, without what names people where only figures are read.

    Args:
        shown: the list's own columns.
        placed: whether answers beside them tell the place.
    """
    told = [column for column in COLUMNS if not column.of or column.of in shown]
    told = [column for column in told if not (placed and column is PLACE)]
    return [column for column in told if not (figures_only and column.personal)]


def values_of(
    rows: ServiceRequestQuerySet, *, figures_only: bool, also: Collection[str] = ()
) -> QuerySet:
    """`rows` as plain values with what the columns read and the fields `also`, and nothing else."""
    joined = JOINED if figures_only else JOINED | NAMED
    fields = (*PLAIN, *(() if figures_only else PERSONAL), *also)
    return rows.annotate(**joined).values_list(*fields, *joined, named=True)
