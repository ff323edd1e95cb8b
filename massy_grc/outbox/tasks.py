"""The outbox's tasks: thin, repeatable, called by beat and by nudges."""

from celery import shared_task
from django.utils import timezone

from massy_grc.outbox import erasing, relay, sending


@shared_task(ignore_result=True)
def relay_outbox() -> None:
    """Give receipts to new events, and every due receipt to a worker."""
    relay.relay_events()
    relay.hand_over(lambda receipt_id: run_handler.apply_async((receipt_id,), retry=False))


@shared_task(ignore_result=True)
def run_handler(receipt_id: int) -> None:
    """Run one handler on one event; nothing when it has already run."""
    relay.run_receipt(receipt_id)


@shared_task(ignore_result=True)
def send_due_deliveries() -> None:
    """Send the messages that are due."""
    sending.send_due()


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Delete the events handled long ago, and the last messages to people who were erased."""
    erasing.sweep_farewells(timezone.now())
    erasing.sweep_events(timezone.now())
