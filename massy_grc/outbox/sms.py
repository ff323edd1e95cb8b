"""SMS: through a gateway that speaks Kannel's HTTP (``/cgi-bin/sendsms``), or kept by the demo."""

from dataclasses import dataclass
from email.message import EmailMessage as PlainMail
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpx
from django.conf import settings

from massy_grc.outbox.models import Delivery, KeptMail

TIMEOUT = 20  # seconds
# GSM 03.38, the alphabet of 160 characters an SMS. Any other sign makes it Unicode, of 70; sent as
# GSM all the same, a « ç » would come out as « Ç ».
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ "
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans({"’": "'", "\xa0": " ", "\u202f": " ", "–": "-", "«": '"', "»": '"'})


class SmsRefused(RuntimeError):
    """The gateway refuses this message for good."""


def is_possible() -> bool:
    """Whether an SMS can be sent (or, in the demonstration, kept)."""
    return bool(settings.SMS_GATEWAY_URL) or settings.SMS_KEPT


def send_sms(delivery: Delivery, message_id: str) -> None:
    """Hand one SMS to the gateway, or keep it.

    Args:
        message_id: the same for a second copy of the same message.

    Raises:
        SmsRefused: never to be tried again.
        httpx.HTTPError: the gateway is away, or asks to come back.
    """
    text = plain(delivery.body)
    if settings.SMS_GATEWAY_URL:
        _hand_over(delivery.to, text)
    elif settings.SMS_KEPT:
        _keep(delivery.to, text, message_id)
    else:
        raise SmsRefused("no gateway: set SMS_GATEWAY_URL")


@dataclass(frozen=True)
class SmsLength:
    """How long an SMS is: its signs, those that count twice twice, and the messages it costs."""

    signs: int
    messages: int


def length_of(text: str) -> SmsLength:
    """Return what `text` costs as it leaves: 160 signs, 306 in two; fewer in Unicode."""
    text = plain(text)
    if GSM.issuperset(text):
        signs = len(text) + sum(sign in GSM_TWICE for sign in text)
        alone, joined = 160, 153
    else:
        signs = len(text.encode("utf-16-le")) // 2
        alone, joined = 70, 67
    return SmsLength(signs, 1 if signs <= alone else -(-signs // joined))


def plain(text: str) -> str:
    """Return the text with the typographic signs that an SMS pays dearly for made plain."""
    return text.translate(_PLAIN).strip()


def _hand_over(to: str, text: str) -> None:
    url = urlsplit(settings.SMS_GATEWAY_URL)
    wanted = {
        **dict(parse_qsl(url.query)),
        "username": url.username or "",
        "password": url.password or "",
        "to": to,
        "text": text,
        "charset": "UTF-8",
        "coding": "0" if GSM.issuperset(text) else "2",
    }
    host = url.netloc.rpartition("@")[2]
    answer = httpx.get(
        urlunsplit((url.scheme, host, url.path, "", "")), params=wanted, timeout=TIMEOUT
    )
    # 503 is Kannel's « temporal failure »; 4xx concern this message or our account
    if 400 <= answer.status_code < 500:
        raise SmsRefused(f"gateway: {answer.status_code} {answer.text[:200]}")
    if not answer.is_success:
        raise httpx.HTTPError(f"gateway: {answer.status_code}")


def _keep(to: str, text: str, message_id: str) -> None:
    mail = PlainMail()
    mail["To"], mail["Subject"], mail["Message-ID"] = to, "SMS", message_id
    mail.set_content(text)
    KeptMail.objects.get_or_create(
        message_id=message_id, defaults={"to": to, "subject": "SMS", "raw": mail.as_bytes()}
    )
