"""What the page of an act on many requests shows: how far it is, and what became of each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.actions.bulk import UNDO
from backoffice.bulk.kinds import KINDS
from backoffice.bulk.preview import HEAVY
from backoffice.enums import RowOutcome, RowUndoing
from backoffice.models import BulkRow, BulkRun
from backoffice.presenting import badge
from massy_grc.common.words import date_words
from massy_grc.users.models import User
from prestations.models import Department
from requests.enums import SnoozePreset
from requests.models import ServiceRequest

LOOKS = {
    RowOutcome.WAITING: ("clock", "quiet"),
    RowOutcome.DONE: ("circle-check", "done"),
    RowOutcome.REFUSED: ("ban", "late"),
    RowOutcome.SKIPPED: ("minus", "quiet"),
    RowUndoing.WAITING: ("clock", "quiet"),
    RowUndoing.DONE: ("undo-2", "info"),
    RowUndoing.REFUSED: ("ban", "late"),
}


@dataclass(frozen=True)
class ShownRow:
    """One request of a run; its subject is shown to who may still read it."""

    row: BulkRow
    readable: bool
    result: SafeString
    words: str


@dataclass(frozen=True)
class Progress:
    """How far a run, or its undoing, is."""

    total: int
    settled: int
    words: str

    @property
    def is_running(self) -> bool:
        return self.settled < self.total


def told_of(run: BulkRun) -> list[tuple[str | Promise, str]]:
    """What was chosen for all, in words; nothing that was typed."""
    data: dict[str, Any] = run.data
    told: list[tuple[str | Promise, str]] = []
    if "assignee" in data:
        colleague = User.objects.filter(pk=data["assignee"]).first()
        told.append((_("Collègue"), colleague.get_full_name() if colleague else ""))
    if "department" in data:
        department = Department.objects.filter(pk=data["department"]).first()
        told.append((_("Service responsable"), str(department or "")))
    if on := data.get("on"):
        told.append((_("Jusqu’à quand ?"), date_words(date.fromisoformat(on))))
    elif "preset" in data:
        told.append((_("Jusqu’à quand ?"), str(SnoozePreset(data["preset"]).label)))
    if "at_once" in data:
        often = _("À chaque événement") if data["at_once"] else _("Une fois par jour")
        told.append((_("Quand en entendre parler"), often))
    if "urgent" in data:
        told.append((_("Urgence"), _("urgente") if data["urgent"] else _("non urgente")))
    return told


def run_context(run: BulkRun, reader: User, now: datetime) -> dict[str, Any]:
    """What the page shows; the same few queries for any number of rows."""
    deferred = [f"request__{name}" for name in HEAVY]
    rows = list(run.rows.select_related("request").defer(*deferred))
    visible = ServiceRequest.objects.visible_to(reader)
    readable = set(
        visible.filter(pk__in=[row.request_id for row in rows]).values_list("pk", flat=True)
    )
    done = sum(row.outcome == RowOutcome.DONE for row in rows)
    progress = _undoing(rows) if run.undo_asked_at and done else _doing(rows)
    undo_until = run.started_at + UNDO
    undoable = sum(row.outcome == RowOutcome.DONE and row.back is not None for row in rows)
    return {
        "run": run,
        "kind": KINDS[run.kind],
        "told": told_of(run),
        "rows": [_shown(row, readable=row.request_id in readable) for row in rows],
        "progress": progress,
        "undo_until": undo_until,
        "lasting": done - undoable,
        "stopped": run.undo_asked_at is not None and not done,
        "may_undo": run.undo_asked_at is None
        and now < undo_until
        and (undoable > 0 or progress.is_running),
    }


def _shown(row: BulkRow, *, readable: bool) -> ShownRow:
    state: RowOutcome | RowUndoing = RowOutcome(row.outcome)
    words = row.words
    if row.undoing:
        state, words = RowUndoing(row.undoing), row.undo_words
    icon_name, tone = LOOKS[state]
    return ShownRow(row, readable, badge(str(state.label), icon_name, tone), words)


def tally(done: int, refused: int, skipped: int = 0) -> str:
    """How many of each, in words."""
    parts = []
    if done or not (refused or skipped):
        parts.append(ngettext("%(n)d faite", "%(n)d faites", done) % {"n": done})
    if refused:
        parts.append(ngettext("%(n)d refusée", "%(n)d refusées", refused) % {"n": refused})
    if skipped:
        parts.append(ngettext("%(n)d laissée", "%(n)d laissées", skipped) % {"n": skipped})
    return ", ".join(parts)


def tally_undone(done: int, kept: int = 0) -> str:
    """How many were taken back and how many not, in words."""
    words = ngettext("%(n)d annulée", "%(n)d annulées", done) % {"n": done}
    if not kept:
        return words
    left = ngettext("%(n)d non annulée", "%(n)d non annulées", kept) % {"n": kept}
    return f"{words}, {left}"


def _doing(rows: list[BulkRow]) -> Progress:
    states = [RowOutcome(row.outcome) for row in rows]
    settled = len(rows) - states.count(RowOutcome.WAITING)
    ends = (RowOutcome.DONE, RowOutcome.REFUSED, RowOutcome.SKIPPED)
    return Progress(len(rows), settled, tally(*map(states.count, ends)))


def _undoing(rows: list[BulkRow]) -> Progress:
    states = [RowUndoing(row.undoing) for row in rows if row.undoing]
    settled = len(states) - states.count(RowUndoing.WAITING)
    ends = (RowUndoing.DONE, RowUndoing.REFUSED)
    return Progress(len(states), settled, tally_undone(*map(states.count, ends)))
