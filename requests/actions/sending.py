"""Sending what an agent wrote so that its author may take it back for a few seconds.

The act is done at once, so that nobody acts on a request that is about to change. What follows
from it (letters, mails, SMS, news) waits, and the requester's pages show what stood before. An
undoing sets every row back as it was; the log only grows.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.outbox.api import postpone, withdraw
from requests.actions.core import lock_in_order, record
from requests.enums import Verb
from requests.exceptions import IllegalTransition, TooLate
from requests.models import Message, PieceRequest, RequestEvent, Sending, ServiceRequest
from requests.workflow import FIRST_WORDS

UNDO = timedelta(seconds=10)
DRAFT_LIFE = timedelta(days=7)  # how long an undone text waits for its author
REQUEST = "requests.ServiceRequest"
LEAD: Any = ServiceRequest._meta.get_field("merged_into")
# what such acts write, beside the request's own row
TABLES = tuple(
    f"requests.{name}"
    for name in (
        *("Alert", "Message", "PieceRequest", "Snooze", "Task"),
        *("ProposedDecision", "ProposedQuestion"),
    )
)
# the document is in its owner's hands, against a signature: no button brings it back
NOT_UNDONE = frozenset({Verb.HAND_OVER})
# what no act may set back: it only grows, or others keep it
FORWARD = frozenset({"version", "event_count", "search_vector"})

Done = TypeVar("Done")
Told = TypeVar("Told", bound=ServiceRequest)
Columns = dict[str, Any]
Rows = dict[str, dict[str, Columns]]  # by table and key
Changes = dict[str, dict[str, Columns | None]]


@transaction.atomic
def send_undoable(
    *,
    request_id: int,
    actor,
    act: str,
    typed: dict,
    perform: Callable[[], Done],
    also: Collection[int] = (),
    now: datetime | None = None,
) -> tuple[Done, Sending | None]:
    """Do an act; when the town wrote by it, let its author undo it for `UNDO`.

    Args:
        act: the page it was written on.
        typed: what its form held.
        perform: the verb; what it raises is raised.
        also: ids of the other requests that it changes.

    Returns:
        What `perform` did, and the sending; None when nothing is to leave.
    """
    lock_in_order(request_id, *also)
    before = ServiceRequest.objects.get(pk=request_id)
    rows = _rows(before)
    done = perform()
    service_request = ServiceRequest.objects.get(pk=request_id)
    events = service_request.events.filter(number__gt=before.event_count)
    verbs = {event.verb for event in events}
    if not verbs & FIRST_WORDS or verbs & NOT_UNDONE:
        return done, None
    until = (now or timezone.now()) + UNDO
    changed = _changes(rows, _rows(service_request))
    for model in (Message, PieceRequest):
        new = [pk for pk, was in changed.get(model._meta.label, {}).items() if was is None]
        model._default_manager.filter(pk__in=new).update(told_from=until)
    postpone(_keys(events), until)
    forget_drafts(request_id, actor)
    sending = Sending.objects.create(
        request=service_request,
        author=actor,
        act=act,
        first=before.event_count + 1,
        last=service_request.event_count,
        from_state=before.state,
        until=until,
        before=changed,
        typed=typed,
    )
    return done, sending


@transaction.atomic
def undo_sending(*, sending_id: int, actor, now: datetime | None = None) -> Sending:
    """Take back what was sent: the request stands as before, the text is its author's draft.

    Done twice, it changes nothing.

    Raises:
        Sending.DoesNotExist: unknown, or somebody else's.
        TooLate: it has left.
        IllegalTransition: the request has gone on since.
    """
    own = Sending.objects.select_for_update(of=("self",)).filter(author=actor)
    sending = own.get(pk=sending_id)
    if sending.undone_by is not None:
        return sending
    service_request = ServiceRequest.objects.select_for_update(no_key=True).get(
        pk=sending.request_id
    )
    now = now or timezone.now()  # after the waits: what all may read by now has left
    if now >= sending.until:
        raise TooLate
    if service_request.event_count != sending.last:
        raise IllegalTransition(
            _("La demande a changé depuis l’envoi : il ne peut plus être annulé.")
        )
    events = service_request.events.filter(number__gte=sending.first)
    if not withdraw(_keys(events), now):
        raise TooLate
    left, due = service_request.state, service_request.due_at
    _restore(service_request, sending.before)
    service_request.due_before = due
    event = record(
        service_request,
        Verb.UNSEND,
        actor=actor,
        now=now,
        data={"act": sending.act, "first": sending.first},
        back_from=left,
    )
    sending.undone_by, sending.before = event.number, {}
    sending.save(update_fields=["undone_by", "before"])
    return sending


def draft_of(service_request: ServiceRequest, actor, act: str) -> dict:
    """What somebody wrote for an act and took back; {} when there is nothing."""
    rows = service_request.sendings.filter(author=actor, act=act, undone_by__isnull=False)
    last = rows.order_by("-first").first()
    return last.typed if last else {}


def forget_drafts(request_id: int, actor) -> None:
    """Somebody has written anew: what they had taken back is used up."""
    undone = Sending.objects.filter(request=request_id, author=actor, undone_by__isnull=False)
    undone.update(typed={})


def sweep_sendings(now: datetime) -> int:
    """Empty what has left of what would undo it, and drafts that nobody came back to."""
    left = Sending.objects.kept().filter(undone_by=None, until__lte=now)
    old = Sending.objects.filter(undone_by__isnull=False, until__lt=now - DRAFT_LIFE)
    return left.update(before={}, typed={}) + old.exclude(typed={}).update(typed={})


def as_told(requests: Iterable[Told], now: datetime) -> list[Told]:
    """Requests as whoever asked for them may see them: without what may still be undone.

    They, and those they are merged into, are set back in memory by one query: never to be saved.
    """
    rows = list(requests)
    shown: dict[int, list[ServiceRequest]] = defaultdict(list)
    for row in rows:
        shown[row.pk].append(row)
        if LEAD.is_cached(row) and row.merged_into:
            shown[row.merged_into.pk].append(row.merged_into)
    for sending in Sending.objects.leaving(now).filter(request__in=shown).order_by("-first"):
        for one in shown[sending.request_id]:
            _set(one, sending.before.get(REQUEST, {}))
    return rows


def _keys(events: Iterable[RequestEvent]) -> list[str]:
    return [f"request.{event.verb}:{event.pk}" for event in events]


def _rows(service_request: ServiceRequest) -> Rows:
    """Every row that an act may write, as JSON."""
    found: Rows = {REQUEST: {str(service_request.pk): _columns(service_request)}}
    for label in TABLES:
        rows = apps.get_model(label)._default_manager.filter(request=service_request)
        found[label] = {str(row.pk): _columns(row) for row in rows}
    return found


def _columns(row: models.Model) -> Columns:
    values = {}
    for field in row._meta.concrete_fields:
        if field.attname in FORWARD:
            continue
        value = getattr(row, field.attname)
        values[field.attname] = value.isoformat() if isinstance(value, date) else value
    return values


def _changes(before: Rows, after: Rows) -> Changes:
    """The columns that differ, as they were; None for a row that was not there."""
    changes: Changes = {}
    for label, rows in after.items():
        for pk, columns in rows.items():
            was = before[label].get(pk)
            if was is None:
                changes.setdefault(label, {})[pk] = None
            elif old := {name: was[name] for name in columns if was[name] != columns[name]}:
                changes.setdefault(label, {})[pk] = old
    return changes


def _restore(service_request: ServiceRequest, changes: Changes) -> None:
    """Set every row back; `record` writes the request's own."""
    _set(service_request, changes.get(REQUEST, {}))
    for label in TABLES:
        model = apps.get_model(label)
        for pk, columns in changes.get(label, {}).items():
            row = model._default_manager.filter(pk=pk)
            if columns is None:
                row.delete()
            else:
                row.update(**_values(model, columns))


def _set(service_request: ServiceRequest, rows: dict) -> None:
    for columns in rows.values():
        for name, value in _values(ServiceRequest, columns).items():
            setattr(service_request, name, value)


def _values(model: type[models.Model], columns: Columns) -> Columns:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value if fields[name].is_relation else fields[name].to_python(value)
        for name, value in columns.items()
    }
