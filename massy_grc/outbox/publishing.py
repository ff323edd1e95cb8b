"""How the rest of the house speaks to the outbox: `publish` a fact, `queue_delivery` a message.

Both only insert a row in the caller's transaction. After the commit the worker is nudged, as a
courtesy: Celery beat looks every few seconds anyway, so a broker that is away loses nothing.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from massy_grc.common.text import one_line
from massy_grc.outbox.models import Delivery, OutboxEvent

logger = structlog.get_logger(__name__)

RELAY_TASK = "massy_grc.outbox.tasks.relay_outbox"
SEND_TASK = "massy_grc.outbox.tasks.send_due_deliveries"
BROKER_REST = 15.0  # seconds without a nudge after one failed: no response waits twice for it
NUDGE_WAITS = 5  # seconds after which a nudge that nobody heeded is forgotten; beat's period
NUDGE_EXPIRY = 30.0  # seconds after which a nudge that nobody took is worth nothing
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 0.5, "socket_timeout": 0.5}

_broker_down_until = 0.0


class NotInTransaction(RuntimeError):
    """`publish` was called outside `atomic`: the fact could be lost, or told without being true."""


def publish(topic: str, *, key: str, **ids: Any) -> None:
    """Record that something happened, in the transaction that makes it happen.

    `topic` names the kind of fact (``request.file``), `key` makes it unique (a second `publish`
    with the same key does nothing), `ids` are what the handlers need to find the rows: ids,
    never texts or personal data.

    Raises `NotInTransaction` outside `atomic`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"publish({topic!r}) outside atomic")
    event = OutboxEvent(key=key, topic=topic, payload=ids, context=current_context())
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=True)
    _nudge_after_commit(_nudge_relay)


def postpone(keys: Collection[str], until: datetime) -> None:
    """Let published events wait: their handlers run `until` then at the earliest."""
    OutboxEvent.objects.filter(key__in=keys, relayed_at=None).update(not_before=until)


def withdraw(keys: Collection[str], now: datetime) -> bool:
    """Take postponed events back, for ever; say whether all of them still waited.

    Nothing is taken back when one has been handed over, or is being.
    """
    waiting = list(
        OutboxEvent.objects.select_for_update(skip_locked=True).filter(
            key__in=keys, relayed_at=None, not_before__gt=now
        )
    )
    if len(waiting) < len(keys):
        return False
    OutboxEvent.objects.filter(pk__in=[event.pk for event in waiting]).update(relayed_at=now)
    return True


def queue_delivery(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    attachments: Sequence[dict[str, str]] = (),
    about: str = "",
    context: dict[str, Any] | None = None,
    channel: str = "email",
    automatic: bool = True,
    not_before: datetime | None = None,
    internal: bool = False,
) -> Delivery:
    """Queue one message to one address; the same `key` always is the same message.

    `attachments` are ``{"name", "path", "media_type"}`` with the path in the default storage;
    `about` names what it speaks of (``request:12``); `context` may hold ``reply_to``
    and ``unsubscribe`` (an address that ends it with one POST);
    `automatic` is False when a person wrote the text; `channel` is a `DeliveryChannel`, whose
    address `to` is; it leaves `not_before` a moment, or at once; `internal` ones go to the staff.
    Returns the row, the first one
    when the key is known. Raises ValueError for an address with a line break.
    """
    if not to or any(sign in to for sign in "\r\n"):
        raise ValueError("the address of a delivery is one line")
    delivery, _ = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": one_line(subject)[:400],
            "body": body,
            "attachments": list(attachments),
            "about": about,
            "context": {**current_context(), **(context or {})},
            "channel": channel,
            "automatic": automatic,
            "internal": internal,
            "next_attempt_at": not_before or timezone.now(),
        },
    )
    _nudge_after_commit(_nudge_sending)
    return delivery


def redirect_unsent(*, about: str, old: str, new: str, now: datetime | None = None) -> int:
    """Send to another address the messages that never reached the first one.

    Args:
        about: what they speak of (``request:12``).
        old: the address that was wrong; messages to anybody else stay as they are.

    Returns:
        How many leave again. Those that left, or are leaving, are not among them.

    Raises:
        ValueError: for an address with a line break.
    """
    if not new or any(sign in new for sign in "\r\n"):
        raise ValueError("the address of a delivery is one line")
    moved = Delivery.objects.filter(about=about, to__iexact=old).redirect(
        new, now or timezone.now()
    )
    if moved:
        _nudge_after_commit(_nudge_sending)
    return moved


def current_context() -> dict[str, str]:
    """The request id of the running web request or task, to be found in the later logs."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return {"request_id": str(request_id)} if request_id else {}


def nudge(task: str) -> None:
    """Ask the worker to run `task` soon. Never raises; silent for a while after a failure.

    While one nudge waits for its worker another adds nothing: that run will see everything.
    """
    global _broker_down_until
    if time.monotonic() < _broker_down_until:
        return
    if not cache.add(_waiting(task), True, NUDGE_WAITS):
        return
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as broker:
            current_app.send_task(
                task, connection=broker, retry=False, expires=NUDGE_EXPIRY, ignore_result=True
            )
    except Exception as error:  # whatever the broker's client raises: beat will do it
        _broker_down_until = time.monotonic() + BROKER_REST
        logger.warning("outbox_nudge_failed", task=task, error=type(error).__name__)


def heed_nudge(task: str) -> None:
    """Say that `task` begins: what is committed from now on needs another nudge."""
    cache.delete(_waiting(task))


def _waiting(task: str) -> str:
    return f"nudge:{task}"


def _nudge_relay() -> None:
    nudge(RELAY_TASK)


def _nudge_sending() -> None:
    nudge(SEND_TASK)


def _nudge_after_commit(call) -> None:
    """One nudge per transaction, however many rows it publishes."""
    if all(hook[1] is not call for hook in connection.run_on_commit):
        transaction.on_commit(call, robust=True)
