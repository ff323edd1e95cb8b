"""The outbox's public names, in one place: ``from massy_grc.outbox.api import publish``."""

from massy_grc.outbox.publishing import (
    NotInTransaction,
    postpone,
    publish,
    queue_delivery,
    redirect_unsent,
    withdraw,
)
from massy_grc.outbox.registry import subscribe
from massy_grc.outbox.sms import SmsLength
from massy_grc.outbox.sms import is_possible as sms_is_possible
from massy_grc.outbox.sms import length_of as sms_length

__all__ = [
    "NotInTransaction",
    "SmsLength",
    "postpone",
    "publish",
    "queue_delivery",
    "redirect_unsent",
    "sms_is_possible",
    "sms_length",
    "subscribe",
    "withdraw",
]
