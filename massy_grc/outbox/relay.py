"""From published events to handlers that ran once.

`relay_events` gives every pending event one receipt per subscribed handler; `hand_over` gives the
receipts that are due to workers; `run_receipt` runs one handler. A handler's effect and its
receipt commit together, so a repeated delivery finds the receipt done. What was handed over and
never came back (flushed Redis, dead worker) is due again after `HANDOVER_PATIENCE`.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from massy_grc.outbox.models import HandlerReceipt, OutboxEvent
from massy_grc.outbox.registry import find_handler, handlers_of

logger = structlog.get_logger(__name__)

BATCH = 100
HANDOVER_PATIENCE = timedelta(minutes=5)
BACKOFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200)]


def relay_events(now: datetime | None = None) -> int:
    """Give receipts to the events that are due, oldest first; return how many were relayed.

    Several relays may run at once: each claims its own rows (SKIP LOCKED).
    """
    now = now or timezone.now()
    relayed = 0
    while True:
        with transaction.atomic(durable=True):
            events = list(
                OutboxEvent.objects.select_for_update(skip_locked=True)
                .filter(Q(not_before=None) | Q(not_before__lte=now), relayed_at=None)
                .order_by("id")[:BATCH]
            )
            HandlerReceipt.objects.bulk_create(
                [
                    HandlerReceipt(event=event, handler=name, run_after=now)
                    for event in events
                    for name in handlers_of(event.topic)
                ],
                ignore_conflicts=True,
            )
            OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(relayed_at=now)
        relayed += len(events)
        if len(events) < BATCH:
            return relayed


def hand_over(
    enqueue: Callable[[list[int]], None],
    now: datetime | None = None,
    *,
    handlers: Collection[str] | None = None,
    together: int = BATCH,
    at_most: int | None = None,
) -> int:
    """Give every due receipt to a worker by `enqueue(receipt_ids)`; return how many.

    Args:
        handlers: those whose receipts are given; None: all.
        together: how many one worker gets at once.
        at_most: how many may be in workers' hands; the rest stays due until they are done.

    When the broker refuses, the receipts stay due and the next relay tries again: the error
    is logged, not raised.
    """
    now = now or timezone.now()
    handed, room = 0, BATCH
    while True:
        if at_most is not None:
            room = min(at_most - HandlerReceipt.objects.in_hand(now)[:at_most].count(), BATCH)
        with transaction.atomic(durable=True):
            ids = list(
                HandlerReceipt.objects.select_for_update(skip_locked=True)
                .due(now)
                .filter(*(() if handlers is None else (Q(handler__in=handlers),)))
                .order_by("run_after", "id")
                .values_list("id", flat=True)[:room]
            )
            HandlerReceipt.objects.filter(pk__in=ids).update(run_after=now + HANDOVER_PATIENCE)
        for begin in range(0, len(ids), together):
            part = ids[begin : begin + together]
            try:
                enqueue(part)
            except Exception as error:  # any failure of the broker's client
                HandlerReceipt.objects.filter(pk__in=ids[begin:], done_at=None).update(
                    run_after=now
                )
                logger.warning("outbox_broker_away", error=type(error).__name__)
                return handed
            handed += len(part)
        if len(ids) < BATCH:
            return handed


def run_receipts(receipt_ids: Iterable[int], now: datetime | None = None) -> None:
    """Run the handlers of some receipts one after the other, each for itself (`run_receipt`)."""
    for receipt_id in receipt_ids:
        run_receipt(receipt_id, now)


def run_receipt(receipt_id: int, now: datetime | None = None) -> bool:
    """Run the handler of one receipt; return whether it took effect in this call.

    Does nothing when the receipt is done or another worker holds it. A handler that raises is
    rolled back alone and due again later; after `len(BACKOFF)` failures it waits for a person.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic(durable=True):
            receipt = (
                HandlerReceipt.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("event")
                .filter(pk=receipt_id, done_at=None)
                .first()
            )
            if receipt is None:
                return False
            with origin_context(receipt.event.context, event=receipt.event.key):
                handler = find_handler(receipt.event.topic, receipt.handler)
                if handler is None:
                    raise LookupError(f"no handler {receipt.handler}")
                handler(receipt.event)
            receipt.done_at = now
            receipt.last_error = ""
            receipt.save(update_fields=["done_at", "last_error"])
    except Exception as error:  # one broken handler must not stop the others
        _note_failure(receipt_id, error, now)
        return False
    return True


@contextmanager
def origin_context(context: dict, **more):
    """Bind the request id of the origin to the logs, and to what is published meanwhile."""
    with structlog.contextvars.bound_contextvars(**context, **more):
        yield


def _note_failure(receipt_id: int, error: Exception, now: datetime) -> None:
    with transaction.atomic():
        receipt = HandlerReceipt.objects.select_for_update().get(pk=receipt_id)
        if receipt.done_at:
            return
        receipt.attempts += 1
        given_up = receipt.attempts > len(BACKOFF)
        receipt.run_after = None if given_up else now + BACKOFF[receipt.attempts - 1]
        receipt.last_error = f"{type(error).__name__}: {error}"[:2000]
        receipt.save(update_fields=["attempts", "run_after", "last_error"])
    logger.error(
        "handler_failed",
        handler=receipt.handler,
        event_id=receipt.event_id,
        attempts=receipt.attempts,
        given_up=given_up,
        exc_info=error,
    )
