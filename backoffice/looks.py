"""Looks at records and requests, in words, for whoever reviews them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.actions.accesses import (
    ABOUT_PEOPLE,
    CITIZEN,
    DOWNLOAD,
    PRINT,
    REQUEST,
    REVIEW,
    VIEW,
    VIEW_RESERVED,
)
from backoffice.enums import LookReason
from backoffice.presenting import icon_word
from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from prestations.models import Prestation
from requests.models import ServiceRequest


@dataclass(frozen=True)
class Look:
    """One look, or what one agent did with the same thing several times in a day.

    Attributes:
        record: the last of them.
        act: what was done, by an icon and words.
        why: what tied the agent to the person then; empty for a look that was noted without.
        reserved: the restricted prestations of which something was read.
    """

    record: AccessRecord
    act: SafeString
    why: SafeString | str
    citizen: Citizen | None
    request: ServiceRequest | None
    reserved: list[Prestation]
    times: int = 1
    first_at: datetime | None = None


def looks_at(person: Citizen | None) -> QuerySet[AccessRecord]:
    """All looks at records and requests; of one person, at theirs and at those given up for it."""
    rows = AccessRecord.objects.filter(object_type__in=ABOUT_PEOPLE).select_related("user")
    if person is None:
        return rows
    records = Citizen.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk))
    requests = ServiceRequest.objects.filter(citizen__in=records)
    return rows.filter(
        Q(object_type=CITIZEN, object_id__in=records.values("pk"))
        | Q(object_type=REQUEST, object_id__in=requests.values("pk"))
    )


def reserved_looks(rows: QuerySet[AccessRecord]) -> QuerySet[AccessRecord]:
    """Those of `rows` at what only named right-holders read."""
    closed = ServiceRequest.objects.filter(prestation__in=Prestation.objects.restricted())
    return rows.filter(
        Q(action=VIEW_RESERVED) | Q(object_type=REQUEST, object_id__in=closed.values("pk"))
    )


def shown_looks(rows: Sequence[AccessRecord]) -> list[Look]:
    """`rows`, newest first, in words; what one agent repeats the same day is told once.

    Three queries, whatever their number.
    """
    ids: dict[str, set[int]] = {CITIZEN: set(), REQUEST: set()}
    for row in rows:
        ids[row.object_type].add(row.object_id)
    asked = ServiceRequest.objects.select_related("prestation", "citizen")
    requests = asked.in_bulk(ids[REQUEST])
    citizens = Citizen.objects.in_bulk(ids[CITIZEN])
    restricted = Prestation.objects.restricted().in_bulk()
    repeated: dict[tuple, list[AccessRecord]] = {}
    for row in rows:
        repeated.setdefault(_sameness(row), []).append(row)
    return [
        replace(
            _look(same[0], citizens, requests, restricted),
            times=len(same),
            first_at=same[-1].at,
        )
        for same in repeated.values()
    ]


def _sameness(row: AccessRecord) -> tuple:
    """What two looks of one day have in common that are told as one."""
    detail = row.detail or {}
    told = (detail.get("why"), detail.get("file"), *detail.get("prestations", ()))
    day = timezone.localdate(row.at)
    return (row.user_id, day, row.action, row.object_type, row.object_id, *told)


def _look(row: AccessRecord, citizens: dict, requests: dict, restricted: dict) -> Look:
    detail: dict[str, Any] = row.detail or {}
    sr = requests.get(row.object_id) if row.object_type == REQUEST else None
    codes = detail.get("prestations", [])
    if sr and sr.prestation_id in restricted:
        codes = [sr.prestation_id]
    why = detail.get("why", "")
    return Look(
        record=row,
        act=_act(row),
        why=_why(why),
        citizen=sr.citizen if sr else citizens.get(row.object_id),
        request=sr,
        reserved=[restricted[code] for code in codes if code in restricted],
    )


def _why(code: str) -> SafeString | str:
    if code not in LookReason.values:
        return ""
    return icon_word("unlink" if code == LookReason.NONE else "link", str(LookReason(code).label))


def _act(row: AccessRecord) -> SafeString:
    if (row.detail or {}).get("file"):
        opened = row.action == VIEW
        return icon_word(
            "file", _("a ouvert un fichier") if opened else _("a téléchargé un fichier")
        )
    if row.action == DOWNLOAD:
        return icon_word("download", _("a téléchargé"))
    if row.action == PRINT:
        return icon_word("printer", _("a imprimé la demande"))
    if row.action == REVIEW:
        return icon_word("shield-check", _("a lu qui l’a consultée"))
    if row.action == VIEW_RESERVED:
        return icon_word("lock", _("a vu une partie réservée"))
    if row.action == VIEW:
        seen = _("a ouvert la fiche") if row.object_type == CITIZEN else _("a ouvert la demande")
        return icon_word("eye", seen)
    return icon_word("eye", row.action)
