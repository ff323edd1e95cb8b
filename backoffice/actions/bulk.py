"""An act on many requests at once: begun by its author, done row by row by workers, undone.

Each row is a transaction of its own with the receipt of its outbox event, so that a worker that is
killed leaves nothing half done and nothing is done twice. What one row is refused holds up no
other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.bulk.kind import Kind, known_to
from backoffice.bulk.kinds import KINDS
from backoffice.enums import RowOutcome, RowUndoing
from backoffice.models import BulkRow, BulkRun
from massy_grc.outbox.api import publish
from massy_grc.users.models import User
from requests.actions.core import from_a_list, lock_in_order
from requests.enums import Verb
from requests.exceptions import MissingInput, NotAllowed, RequestError, StaleRequest, TooLate
from requests.models import ServiceRequest

MOST = 100  # requests of one run
UNDO = timedelta(hours=24)  # from its beginning
KEPT = timedelta(days=30)
TEXTS = ("note", "reason", "body")  # of a form's data: gone with the last row
TREAT, TAKE_BACK = "bulk.treat", "bulk.undo"


@transaction.atomic
def start_run(
    *,
    actor: User,
    kind: str,
    token: UUID,
    data: Mapping[str, Any],
    rows: Mapping[int, int],
    now: datetime | None = None,
) -> BulkRun:
    """Begin an act on many requests; sent twice from one page, it is begun once.

    Args:
        kind: of `KINDS`.
        data: what its form holds, as JSON.
        rows: the version shown of each request, by its id; what `actor` does not see is left out.

    Raises:
        NotAllowed: nobody of this person's roles does that.
        MissingInput: no request, or too many.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    known = BulkRun.objects.filter(token=token, actor=actor).first()
    if known is not None:
        return known
    if not KINDS[kind].offered_to(actor):
        raise NotAllowed
    if len(rows) > MOST:
        raise MissingInput(_("Choisissez %(most)d demandes au plus.") % {"most": MOST})
    visible = ServiceRequest.objects.visible_to(actor).filter(pk__in=rows)
    seen = set(visible.values_list("pk", flat=True))
    if not seen:
        raise MissingInput(_("Cochez au moins une demande."))
    run = BulkRun.objects.create(
        actor=actor,
        kind=kind,
        token=token,
        data=dict(data),
        language=translation.get_language() or "fr",
        started_at=now or timezone.now(),
    )
    made = BulkRow.objects.bulk_create(
        BulkRow(run=run, request_id=pk, version=version)
        for pk, version in rows.items()
        if pk in seen
    )
    for row in made:
        publish(TREAT, key=f"{TREAT}:{row.pk}", row_id=row.pk)
    return run


@transaction.atomic
def treat_row(*, row_id: int, now: datetime | None = None) -> None:
    """Do the act to one request, by the rights and in the state of now; a task's verb.

    Done twice, it changes nothing.
    """
    row = _locked_row(row_id)
    if row is None or row.outcome != RowOutcome.WAITING:
        return
    with translation.override(row.run.language):
        refusal = _refusal(lambda: _treat(row))
        if refusal is not None:
            row.outcome, row.words = RowOutcome.REFUSED, _words(refusal, row)
    row.save()
    _end_when_done(row.run, now or timezone.now())


@transaction.atomic
def ask_undo(*, actor: User, run_id: int, now: datetime | None = None) -> BulkRun:
    """Take back what was done, row by row; what still waited is not done. Asked twice, once.

    Raises:
        BulkRun.DoesNotExist: unknown, or somebody else's.
        TooLate: after `UNDO`.
    """
    now = now or timezone.now()
    run = BulkRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run_id, actor=actor)
    if run.undo_asked_at is not None:
        return run
    if now >= run.started_at + UNDO:
        raise TooLate(_("Trop tard : une action groupée s’annule pendant 24 heures."))
    run.rows.filter(outcome=RowOutcome.WAITING).update(
        outcome=RowOutcome.SKIPPED, words=_("Arrêtée avant d’être faite.")
    )
    done = run.rows.filter(outcome=RowOutcome.DONE)
    done.filter(back__isnull=True).update(
        undoing=RowUndoing.REFUSED, undo_words=_("Ce qui a été fait ne s’annule pas.")
    )
    done.filter(back__isnull=False).update(undoing=RowUndoing.WAITING)
    run.undo_asked_at = now
    run.save(update_fields=["undo_asked_at"])
    _end_when_done(run, now)
    for row in run.rows.filter(undoing=RowUndoing.WAITING):
        publish(TAKE_BACK, key=f"{TAKE_BACK}:{row.pk}", row_id=row.pk)
    return run


@transaction.atomic
def undo_row(*, row_id: int) -> None:
    """Take back what was done to one request, when nothing has followed; a task's verb.

    Done twice, it changes nothing.
    """
    row = _locked_row(row_id)
    if row is None or row.undoing != RowUndoing.WAITING:
        return
    with translation.override(row.run.language):
        refusal = _refusal(lambda: _undo(row))
        row.undoing = RowUndoing.REFUSED if refusal else RowUndoing.DONE
        row.undo_words = _words(refusal, row) if refusal else ""
    row.save()


def sweep_runs(now: datetime) -> int:
    """Delete the runs begun long ago; returns how many. What they did is in each request's log."""
    old = BulkRun.objects.filter(started_at__lt=now - KEPT)
    found = old.count()
    old.delete()
    return found


def _locked_row(row_id: int) -> BulkRow | None:
    """The row and, before it, its run: the rows of one run are treated one after the other."""
    runs = BulkRun.objects.select_for_update(no_key=True, of=("self",))
    if not runs.filter(rows=row_id).first():
        return None
    rows = BulkRow.objects.select_for_update(of=("self",)).select_related("run__actor")
    return rows.filter(pk=row_id).first()


def _refusal(act: Callable[[], None]) -> Exception | None:
    """Do something or nothing, and return why nothing."""
    try:
        with transaction.atomic(), from_a_list():
            act()
    except (RequestError, ServiceRequest.DoesNotExist) as refusal:
        return refusal
    return None


def _seen(row: BulkRow) -> ServiceRequest:
    """The request of a row, locked, as its author may see it now."""
    lock_in_order(row.request_id)
    visible = ServiceRequest.objects.visible_to(row.run.actor)
    return visible.select_related("prestation").get(pk=row.request_id)


def _treat(row: BulkRow) -> None:
    run, kind = row.run, KINDS[row.run.kind]
    sr = _seen(row)
    if kind.versioned and sr.version != row.version:
        raise StaleRequest
    if words := kind.why_not(sr, run.actor):
        raise NotAllowed(words)
    if words := kind.already(sr, run.actor, run.data, known_to(run.actor, [sr.pk])):
        row.outcome, row.words = RowOutcome.SKIPPED, words
        return
    did = kind.perform(sr, run.actor, run.data)
    row.outcome, row.words, row.back = RowOutcome.DONE, did.words, did.back
    row.left = ServiceRequest.objects.values_list("version", flat=True).get(pk=sr.pk)


def _undo(row: BulkRow) -> None:
    kind: Kind = KINDS[row.run.kind]
    sr = _seen(row)
    if kind.versioned and kind.verb != Verb.SNOOZE and sr.version != row.left:
        raise StaleRequest
    if kind.undo is not None:
        kind.undo(row, row.run.actor)


def _words(refusal: Exception, row: BulkRow) -> str:
    """Why a row was refused, for who looks at a list of them."""
    if isinstance(refusal, ServiceRequest.DoesNotExist):
        return _("Cette demande ne vous est plus ouverte.")
    if not isinstance(refusal, StaleRequest):
        return str(refusal)
    events = row.request.events.exclude(actor=None, by_requester=False).order_by("-number")
    last = events.select_related("actor").first()
    if last is None:
        return _("Elle a changé entre-temps.")
    who = last.actor.get_full_name() if last.actor else _("le demandeur")
    return _("Elle a changé entre-temps : %(act)s, %(who)s.") % {
        "act": Verb(last.verb).label,
        "who": who,
    }


def _end_when_done(run: BulkRun, now: datetime) -> None:
    """Behind the last row, what was typed is not needed any more."""
    if run.ended_at or run.rows.filter(outcome=RowOutcome.WAITING).exists():
        return
    run.ended_at = now
    run.data = {name: value for name, value in run.data.items() if name not in TEXTS}
    run.save(update_fields=["ended_at", "data"])
