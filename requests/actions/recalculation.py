"""A closure added to the calendar, or removed, moves the dates of the requests under way, once."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS, extent_faults
from prestations.loading.rows import lock_loading
from prestations.models import Closure
from requests.actions.clocks import clear_alerts
from requests.actions.core import record
from requests.enums import LATENESS, TASK_ALERTS, AlertKind, Verb
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import Recalculation
from requests.permissions import Right, scope_of
from requests.recalculation import (
    Move,
    added_by_deciding,
    calendars_of,
    first_day,
    may_move,
    move_of,
    touched,
)


@transaction.atomic
def add_closure(
    *, actor, start: date, end: date, label: str, now: datetime | None = None
) -> Recalculation:
    """Close the whole town hall on these days, count the dates anew and keep what moved.

    The same closure twice is refused, so nothing moves twice. Whoever was promised a day that
    comes later is told why, once, by the event (`request.recalculate`).

    Raises:
        NotAllowed: `actor` does not administer.
        MissingInput, IllegalTransition: see `unsaved_closure`.
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    lock_loading()
    closure = unsaved_closure(start=start, end=end, label=label, now=now)
    closure.added_by, closure.counted = actor, False
    closure.save()
    return _recalculate_all(closure, adds=True, actor=actor, now=now)


@transaction.atomic
def decide_closure(*, actor, closure_id: int, now: datetime | None = None) -> Recalculation:
    """Let delays follow a closure that was loaded or taken out, or remove one that was added.

    See `added_by_deciding` for which of them it is. What was promised to a requester stays when
    days are counted again; only dates inside the town and those of stopped clocks come earlier.

    Raises:
        Closure.DoesNotExist: unknown, or not of the whole town.
        NotAllowed: `actor` does not administer.
        IllegalTransition: there is nothing to decide on it (any more).
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    lock_loading()
    closure = Closure.objects.whole_town().get(pk=closure_id)
    adds = added_by_deciding(closure, now.astimezone(PARIS).date())
    if adds is None:
        raise IllegalTransition(_("Il n’y a plus rien à décider pour cette fermeture."))
    return _recalculate_all(closure, adds=adds, actor=actor, now=now)


@transaction.atomic
def move_closure(
    *, actor, closure_id: int, start: date, end: date, now: datetime | None = None
) -> Recalculation:
    """Close the whole town hall on other days than announced, and count the dates anew, once.

    The days that were announced stay in a closure that is taken out, for what they moved.

    Raises:
        Closure.DoesNotExist: unknown, or not of the whole town.
        NotAllowed: `actor` does not administer.
        MissingInput, IllegalTransition: see `closure_on_days`.
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    lock_loading()
    known = Closure.objects.whole_town().get(pk=closure_id)
    closure = closure_on_days(known, start=start, end=end, now=now)
    closure.added_by, closure.counted = actor, False
    closure.save()
    return _recalculate_all(closure, adds=True, actor=actor, now=now, instead_of=known)


def _recalculate_all(
    closure: Closure, *, adds: bool, actor, now: datetime, instead_of: Closure | None = None
) -> Recalculation:
    before, after = calendars_of(closure, adds=adds, instead_of=instead_of)
    since = first_day(closure, instead_of)
    if instead_of is not None:
        instead_of.counted, instead_of.removed_at = False, now
        instead_of.save(update_fields=["counted", "removed_at"])
    closure.counted = adds
    if not adds:
        closure.removed_at = closure.removed_at or now
    closure.save(update_fields=["counted", "removed_at"])
    ids = list(touched(since).values_list("pk", flat=True))
    done = [_recalculate(pk, closure, since, before, after, now) for pk in ids]
    moved = [move for move in done if move]
    return Recalculation.objects.create(
        closure=closure,
        adds=adds,
        at=now,
        actor=actor,
        examined=len(ids),
        moved=sum(move.is_moved for move in moved),
        departments=sum(move.of_department for move in moved),
        tasks=sum(len(move.moved_tasks) for move in moved),
        told=sum(move.is_told for move in moved),
    )


def unsaved_closure(*, start: date, end: date, label: str, now: datetime) -> Closure:
    """Return the closure of the whole town hall on these days, not kept yet.

    Raises:
        MissingInput: without a label, or on days that `day_faults` refuses.
        IllegalTransition: the town hall is closed on all these days already.
    """
    if not label.strip():
        raise MissingInput(_("Dites pourquoi la mairie est fermée : les citoyens le liront."))
    for fault in day_faults(start, end, now.astimezone(PARIS).date()).values():
        raise MissingInput(fault)
    _refuse_closed(start, end)
    return Closure(start=start, end=end, label=label.strip()[:200])


def closure_on_days(known: Closure, *, start: date, end: date, now: datetime) -> Closure:
    """Return a closure of the whole town hall on other days, not kept yet.

    Raises:
        MissingInput: on days that `moved_faults` refuses.
        IllegalTransition: its days may not be changed, or the town hall is closed on all the
            others already.
    """
    today = now.astimezone(PARIS).date()
    if not may_move(known, today):
        raise IllegalTransition(_("Les jours de cette fermeture ne se changent plus."))
    for fault in moved_faults(known, start, end, today).values():
        raise MissingInput(fault)
    _refuse_closed(start, end, besides=known)
    return Closure(start=start, end=end, label=known.label)


def _refuse_closed(start: date, end: date, *, besides: Closure | None = None) -> None:
    known = Closure.objects.announced().whole_town().exclude(pk=besides.pk if besides else None)
    if known.filter(start__lte=start, end__gte=end).exists():
        raise IllegalTransition(_("La mairie est déjà fermée ces jours-là."))


def moved_faults(known: Closure, start: date, end: date, today: date) -> dict[str, str]:
    """Return why a closure cannot go to these days, as `day_faults`: what is past stays."""
    if (start, end) == (known.start, known.end):
        return {"start": _("Ce sont déjà ses jours.")}
    if known.start > today:
        return day_faults(start, end, today)
    if start != known.start:
        return {"start": _("Cette fermeture a commencé : seul son dernier jour se change.")}
    if end < today:
        return {"end": _("Ce jour est passé.")}
    return {name: fault for name, fault in day_faults(start, end, today).items() if name == "end"}


def day_faults(start: date, end: date, today: date, *, counted: bool = True) -> dict[str, str]:
    """Return why a closure cannot be on these days, by the day that is wrong; empty if it can.

    A date written to a citizen never comes back, so a year mistyped is caught here.

    Args:
        counted: delays leave its days out; one that only changes hours may begin today.
    """
    if end < start:
        return {"end": _("La fin vient avant le début.")}
    if counted and start <= today:
        return {
            "start": _("Choisissez un jour à venir : ce qui est passé ne se recompte pas."),
        }
    if start < today:
        return {"start": _("Ce jour est passé.")}
    return extent_faults(start, end, today)


def _recalculate(
    pk: int, closure: Closure, since: date, before, after, now: datetime
) -> Move | None:
    locked = touched(since).select_for_update(no_key=True, of=("self",))
    service_request = locked.filter(pk=pk).first()
    if service_request is None:  # closed or answered since the list was read
        return None
    move = move_of(service_request, before=before, after=after, now=now)
    if move is None:
        return None
    service_request.due_before = move.due_from
    service_request.due_at = move.due_at
    for name, moment in move.owed.items():
        setattr(service_request, name, moment)
    if move.is_moved:
        clear_alerts(service_request, now, *LATENESS)
    if move.of_department:
        clear_alerts(service_request, now, AlertKind.EXPERT_LATE)
    for task, dates in move.tasks.items():
        for name, moment in dates.items():
            setattr(task, name, moment)
        task.save(update_fields=dates)
    clear_alerts(service_request, now, *TASK_ALERTS, tasks=move.moved_tasks)
    record(
        service_request,
        Verb.RECALCULATE,
        now=now,
        data={
            "closure": closure.pk,
            "adds": closure.counted,
            "told": move.is_told,
            "tasks": [task.pk for task in move.moved_tasks],
        },
        quiet=True,
    )
    return move
