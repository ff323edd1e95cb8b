"""Forgetting: the messages about one thing, and what is too old to serve.

A row that still waits for its work is never swept: a handler or a message that failed is a
person's to look at first.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from massy_grc.outbox.enums import DeliveryState
from massy_grc.outbox.models import Delivery, HandlerReceipt, KeptMail, OutboxEvent
from massy_grc.outbox.sending import message_id

EVENT_LIFE = timedelta(days=90)
FAREWELL_LIFE = timedelta(days=7)
ENDED = (DeliveryState.SENT, DeliveryState.FAILED)
BATCH = 1000


def forget(about: str, **ids: int) -> None:
    """Delete the messages about one thing, and empty the traces of failures that name it.

    Args:
        about: as given to `queue_delivery` (``request:12``).
        ids: what its events carry (``request_id=12``).
    """
    _delete(Delivery.objects.filter(about=about))
    if ids:
        HandlerReceipt.objects.exclude(last_error="").filter(event__payload__contains=ids).update(
            last_error=""
        )


def forget_address(address: str) -> None:
    """Delete the messages to the address of who is erased; those about a request go with it."""
    mine = Q(about="")
    for kind in ("account", "user", "organisation", "invitation"):
        mine |= Q(about__startswith=f"{kind}:")
    _delete(Delivery.objects.filter(mine, to__iexact=address))


def old_deliveries(before: datetime):
    """Messages sent or failed before a moment."""
    return Delivery.objects.filter(state__in=ENDED, created_at__lt=before)


def sweep_deliveries(before: datetime) -> int:
    """Delete the messages sent or failed before a moment; returns how many."""
    swept = 0
    while ids := list(old_deliveries(before).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        swept += _delete(Delivery.objects.filter(pk__in=ids))
    KeptMail.objects.filter(created_at__lt=before).delete()
    return swept


def sweep_farewells(now: datetime) -> int:
    """Delete the last messages to people who were erased, a week after; returns how many."""
    old = old_deliveries(now - FAREWELL_LIFE).filter(about__startswith="erasure:")
    return _delete(old)


def sweep_events(now: datetime) -> int:
    """Delete events handled `EVENT_LIFE` ago or before, with their receipts; returns how many."""
    waiting = HandlerReceipt.objects.filter(event=OuterRef("pk"), done_at=None)
    old = OutboxEvent.objects.filter(relayed_at__lt=now - EVENT_LIFE).exclude(Exists(waiting))
    swept = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        OutboxEvent.objects.filter(pk__in=ids).delete()
        swept += len(ids)
    return swept


def _delete(deliveries) -> int:
    keys = list(deliveries.values_list("key", flat=True))
    KeptMail.objects.filter(message_id__in=[message_id(key) for key in keys]).delete()
    deliveries.delete()
    return len(keys)
