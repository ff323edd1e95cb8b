"""Messages to the outside: claimed, sent outside any transaction, then marked.

A crash between sending and marking sends the message again ten minutes later with the same
Message-ID, so that the second copy shows as the same message; an SMS, which has none, is left to
a person instead. Address refused for good: failed at once. Anything else: tried again with growing
pauses for 48 hours, then failed.
"""

import hashlib
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from massy_grc.outbox.enums import DeliveryChannel, DeliveryState
from massy_grc.outbox.models import Delivery
from massy_grc.outbox.relay import origin_context
from massy_grc.outbox.sms import SmsRefused, send_sms

logger = structlog.get_logger(__name__)

BATCH = 20
CLAIM = timedelta(minutes=10)  # a message in flight longer than this was lost by its worker
BACKOFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240)]
PATIENCE = timedelta(hours=48)
MAX_ATTEMPTS = 40
UNCERTAIN = "uncertain: the worker was lost while the SMS left; it may have arrived"


def send_due(now: datetime | None = None) -> int:
    """Send every message that is due; return how many left. Several may run at once."""
    now = now or timezone.now()
    sent = 0
    _leave_uncertain(now)
    while deliveries := _claim(now):
        sent += sum(_send_batch(deliveries))
    return sent


def message_id(key: str) -> str:
    """The Message-ID of a key: always the same, and telling nothing about it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def build_mail(delivery: Delivery, connection=None) -> EmailMessage:
    """Return the mail of a delivery: plain text, attachments read from the storage."""
    headers = {"Message-ID": message_id(delivery.key)}
    if delivery.automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if unsubscribe := delivery.context.get("unsubscribe"):  # RFC 2369 and 8058
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMessage(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.to],
        reply_to=[delivery.context.get("reply_to") or settings.DEFAULT_FROM_EMAIL],
        headers=headers,
        connection=connection,
    )
    for attachment in delivery.attachments:
        with default_storage.open(attachment["path"]) as file:
            mail.attach(attachment["name"], file.read(), attachment["media_type"])
    return mail


def _claim(now: datetime) -> list[Delivery]:
    with transaction.atomic(durable=True):
        deliveries = list(
            Delivery.objects.select_for_update(skip_locked=True)
            .due(now)
            .filter(channel__in=DeliveryChannel.values)
            .order_by("next_attempt_at", "id")[:BATCH]
        )
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
            state=DeliveryState.IN_FLIGHT,
            claimed_at=now,
            next_attempt_at=now + CLAIM,
            first_attempt_at=Coalesce("first_attempt_at", now),
            attempts=F("attempts") + 1,
        )
        for delivery in deliveries:
            delivery.attempts += 1
            delivery.first_attempt_at = delivery.first_attempt_at or now
    return deliveries


def _leave_uncertain(now: datetime) -> None:
    """Give up the SMS that a lost worker may have sent: a second copy would cost and confuse."""
    lost = Delivery.objects.due(now).filter(
        channel=DeliveryChannel.SMS, state=DeliveryState.IN_FLIGHT
    )
    if count := lost.update(state=DeliveryState.FAILED, last_error=UNCERTAIN):
        logger.warning("sms_uncertain", count=count)


def _send_batch(deliveries: Iterable[Delivery]) -> list[bool]:
    connection = get_connection()
    try:
        return [_send_one(delivery, connection) for delivery in deliveries]
    finally:
        connection.close()


def _send_one(delivery: Delivery, connection) -> bool:
    with origin_context(_log_context(delivery)):
        try:
            if delivery.attempts > MAX_ATTEMPTS:
                raise smtplib.SMTPDataError(554, "given up: too many attempts")
            if delivery.channel == DeliveryChannel.SMS:
                send_sms(delivery, message_id(delivery.key))
            else:
                connection.open()
                build_mail(delivery, connection).send()
        except Exception as error:  # the server, the network, an unreadable attachment
            connection.close()
            _mark_unsent(delivery, error, timezone.now())
            return False
        _mark_sent(delivery, timezone.now())
        return True


def _log_context(delivery: Delivery) -> dict:
    request_id = delivery.context.get("request_id")
    return {"delivery_id": delivery.pk, **({"request_id": request_id} if request_id else {})}


def _mark_sent(delivery: Delivery, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENT, sent_at=now, last_error=""
    )
    logger.info("delivery_sent", attempts=delivery.attempts)


def _mark_unsent(delivery: Delivery, error: Exception, now: datetime) -> None:
    """Mark for another try, or failed; a copy another worker has sent meanwhile stays sent."""
    pause = BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
    too_late = now + pause > (delivery.first_attempt_at or now) + PATIENCE
    failed = too_late or _is_permanent(error)
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.IN_FLIGHT).update(
        state=DeliveryState.FAILED if failed else DeliveryState.RETRY,
        next_attempt_at=now + pause,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
    logger.warning("delivery_not_sent", error=type(error).__name__, failed=failed)


def _is_permanent(error: Exception) -> bool:
    """Whether the server refused this message or this address for good (5xx)."""
    if isinstance(error, SmsRefused):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return False
