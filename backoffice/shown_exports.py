"""What was taken out as files, in words, from the access log: nothing of it names a person."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from backoffice.actions.accesses import (
    CONFIGURATION,
    DOWNLOAD,
    EXPORT,
    EXPORT_SETTINGS,
    LIST_EXPORT,
    PRINT_BATCH,
    REFUSED_ROWS,
)
from backoffice.enums import NO_DEPARTMENT, NOBODY, ImportKind, SheetFormat
from backoffice.filters import MYSELF, QueueFilter
from backoffice.list_words import view_named
from backoffice.saved_views import KEPT
from massy_grc.audit.models import AccessRecord
from massy_grc.common.words import date_words
from massy_grc.users.models import User
from prestations.translation import catalogue_text
from requests.models import PrintBatch

IN_CHARGE = "charge"


@dataclass(frozen=True)
class TakenOut:
    """One file.

    Attributes:
        what: which list, or which other thing.
        filters: of the list, each with its words; "" where its label says all.
        rows: how many; None where it is not a matter of number.
        answers: whether with the answers of a form; None for what holds no requests.
        people: whom it names, in words.
        fetched: how often its owner took it, and the last time.
    """

    record: AccessRecord
    what: str
    kind: str
    filters: list[tuple[str, str]]
    rows: int | None
    answers: bool | None
    people: str
    fetched: int
    fetched_at: datetime | None


def taken_out() -> QuerySet[AccessRecord]:
    """Every list written as a file; every batch of letters, file of settings or of what an import
    refused that was fetched.
    """
    known = (
        Q(object_type=LIST_EXPORT, action=EXPORT)
        | Q(object_type=PRINT_BATCH, action=DOWNLOAD)
        | Q(object_type=CONFIGURATION, action__in=(EXPORT_SETTINGS, REFUSED_ROWS))
    )
    # said first, as the index of these says it
    kinds = Q(object_type__in=(LIST_EXPORT, PRINT_BATCH, CONFIGURATION))
    return AccessRecord.objects.filter(kinds).filter(known).select_related("user")


def naming_people(rows: QuerySet[AccessRecord]) -> QuerySet[AccessRecord]:
    """Those of `taken_out` in which anybody is named, were it only who signs."""
    return rows.filter(
        Q(object_type=LIST_EXPORT, detail__personal=True)
        | Q(object_type=PRINT_BATCH)
        | Q(action=EXPORT_SETTINGS)
        | Q(action=REFUSED_ROWS, detail__kind=ImportKind.AGENTS)
    )


def shown_exports(rows: Sequence[AccessRecord]) -> list[TakenOut]:
    """`rows` in words; a query for each kind of filter in use, two more, whatever their number."""
    ids = defaultdict(list)
    for row in rows:
        ids[row.object_type].append(row.object_id)
    fetched = AccessRecord.objects.filter(
        object_type=LIST_EXPORT, action=DOWNLOAD, object_id__in=ids[LIST_EXPORT]
    )
    times = {
        number: (count, last)
        for number, count, last in fetched.order_by()
        .values_list("object_id")
        .annotate(Count("pk"), Max("at"))
    }
    batches = PrintBatch.objects.in_bulk(ids[PRINT_BATCH])
    names = _names([QueryDict(_query(row)) for row in rows])
    found = []
    for row in rows:
        if row.object_type == LIST_EXPORT:
            found.append(_list(row, names, *times.get(row.object_id, (0, None))))
        elif row.object_type == PRINT_BATCH:
            batch = batches.get(row.object_id)
            letters = batch.letter_count if batch else None
            found.append(
                _other(row, _("Lot de courriers à imprimer"), "PDF", letters, _named(True))
            )
        elif row.action == REFUSED_ROWS:
            found.append(_refused(row))
        else:
            whom = _("de personnes, seulement les signataires des décisions")
            found.append(_other(row, _("Tout le paramétrage"), "YAML", None, whom))
    return found


def _query(row: AccessRecord) -> str:
    return str((row.detail or {}).get("query", ""))


def _list(row: AccessRecord, names: dict, fetched: int, fetched_at: datetime | None) -> TakenOut:
    detail: dict[str, Any] = row.detail or {}
    view = view_named(_query(row))
    kind = detail.get("format", "")
    return TakenOut(
        record=row,
        what=str(view.label) if view else _("Sa première liste"),
        kind=str(SheetFormat(kind).label) if kind in SheetFormat.values else "",
        filters=list(_filters(QueryDict(_query(row)), names)),
        rows=detail.get("rows"),
        answers=bool(detail.get("answers")),
        people=_named(bool(detail.get("personal"))),
        fetched=fetched,
        fetched_at=fetched_at,
    )


def _named(personal: bool) -> str:
    return _("avec des données personnelles") if personal else _("sans donnée personnelle")


def _refused(row: AccessRecord) -> TakenOut:
    kind = (row.detail or {}).get("kind", "")
    label = ImportKind(kind).label if kind in ImportKind.values else kind
    what = _("Lignes refusées d’un import : %(kind)s") % {"kind": label}
    return _other(row, what, "CSV", None, _named(kind == ImportKind.AGENTS))


def _other(row: AccessRecord, what: str, kind: str, rows: int | None, people: str) -> TakenOut:
    return TakenOut(row, what, kind, [], rows, None, people, 1, row.at)


def _filters(params: QueryDict, names: dict) -> Iterator[tuple[str, str]]:
    for name, one in QueueFilter.base_filters.items():
        if name not in params:
            continue
        values = [value for value in params.getlist(name) if value]
        words = [_words(name, one, value, names) for value in values if name in KEPT]
        yield str(one.label), ", ".join(filter(None, words))


def _words(name: str, one: filters.Filter, value: str, names: dict) -> str:
    if (name, value) in names:
        return names[name, value]
    if isinstance(one, filters.BooleanFilter):
        return ""
    if isinstance(one, filters.DateFilter):
        day = parse_date(value)
        return date_words(day) if day else value
    if value in (NOBODY, NO_DEPARTMENT):
        return _("personne") if value == NOBODY else _("aucun")
    if value == MYSELF:
        return _("l’agent lui-même")
    choices = one.extra.get("choices", ())
    return value if callable(choices) else str(dict(choices).get(value, value))


def _names(queries: Sequence[QueryDict]) -> dict[tuple[str, str], str]:
    """What the codes in the lists' filters stand for, by filter and code."""
    found = {}
    for name, one in QueueFilter.base_filters.items():
        asked = {value for params in queries for value in params.getlist(name)}
        if not asked or not (name == IN_CHARGE or isinstance(one, filters.ModelChoiceFilter)):
            continue
        field, rows = "pk", User.objects.all()
        if name != IN_CHARGE:
            rows = one.queryset(None) if callable(one.queryset) else one.queryset
            field, rows = one.extra.get("to_field_name") or "pk", rows.model.objects.all()
        key = rows.model._meta.pk if field == "pk" else rows.model._meta.get_field(field)
        if key.get_internal_type().endswith("AutoField"):
            asked = {value for value in asked if value.isdecimal()}
        for row in rows.filter(**{f"{field}__in": asked}):
            said = row.list_name if name == IN_CHARGE else catalogue_text(str(row))
            found[name, str(getattr(row, field))] = said
    return found
