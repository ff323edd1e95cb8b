"""The outbox's tasks: thin, repeatable, called by beat and by nudges."""

from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from massy_grc.outbox import erasing, relay, sending
from massy_grc.outbox.publishing import RELAY_TASK, SEND_TASK, heed_nudge
from massy_grc.outbox.registry import first_handlers

# Redis keeps a list for each: a worker empties the first before it looks at the next. All that
# is not said otherwise (the relay itself, beat's tasks) is among the first.
FIRST, LATER = 0, 6
QUICK_TOGETHER = 20  # receipts of quick handlers that make one task
SLOW_AT_HAND = 500  # letters in the broker: as many as workers write within `HANDOVER_PATIENCE`


@shared_task(ignore_result=True)
def relay_outbox() -> None:
    """Give receipts to new events, and every due receipt to a worker."""
    heed_nudge(RELAY_TASK)
    relay.relay_events()
    relay.hand_over(_enqueue(FIRST), handlers=first_handlers(), together=QUICK_TOGETHER)
    relay.hand_over(_enqueue(LATER), together=1, at_most=SLOW_AT_HAND)


def _enqueue(priority: int) -> Callable[[list[int]], None]:
    def enqueue(receipt_ids: list[int]) -> None:
        run_handlers.apply_async((receipt_ids,), retry=False, priority=priority)

    return enqueue


@shared_task(ignore_result=True)
def run_handlers(receipt_ids: list[int]) -> None:
    """Run each receipt's handler on its event; nothing where it has already run."""
    relay.run_receipts(receipt_ids)


@shared_task(ignore_result=True)
def send_due_deliveries() -> None:
    """Send the messages that are due."""
    heed_nudge(SEND_TASK)
    sending.send_due()


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Delete the events handled long ago, and the last messages to people who were erased."""
    erasing.sweep_farewells(timezone.now())
    erasing.sweep_events(timezone.now())
