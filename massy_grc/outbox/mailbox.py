"""The demo's mail: kept in the database and shown on a page, never leaving the machine."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMail

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from massy_grc.outbox.models import KeptMail


class KeptMailBackend(BaseEmailBackend):
    """Django mail backend that keeps each mail as a `KeptMail`.

    A mail sent again after a crash has the same Message-ID and is kept once, as a mail program
    would show it.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; return how many."""
        with transaction.atomic():
            for mail in email_messages:
                self._keep(mail)
        return len(email_messages)

    def _keep(self, mail: EmailMessage) -> None:
        message = mail.message()
        message_id = str(message["Message-ID"] or "")
        values = {
            "to": ", ".join(mail.recipients())[:320],
            "subject": mail.subject[:400],
            "raw": message.as_bytes(),
        }
        if not message_id:
            KeptMail.objects.create(**values)
        elif not KeptMail.objects.filter(message_id=message_id).exists():
            KeptMail.objects.create(message_id=message_id, **values)


@dataclass(frozen=True)
class ReadAttachment:
    """A file in a kept mail."""

    number: int
    name: str
    media_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class ReadMail:
    """A kept mail taken apart for the page."""

    headers: list[tuple[str, str]]
    text: str
    attachments: list[ReadAttachment]


SHOWN_HEADERS = ("From", "To", "Reply-To", "Date", "Subject", "Message-ID", "Auto-Submitted")


def read(kept: KeptMail) -> ReadMail:
    """Take a kept mail apart: headers, plain text, attachments."""
    message = email.message_from_bytes(bytes(kept.raw), policy=email.policy.default)
    assert isinstance(message, ParsedMail)
    body = message.get_body(preferencelist=("plain",))
    return ReadMail(
        headers=[(name, str(message[name])) for name in SHOWN_HEADERS if message[name]],
        text=body.get_content() if body else "",
        attachments=[
            ReadAttachment(
                number=number,
                name=part.get_filename() or f"piece-{number}",
                media_type=part.get_content_type(),
                content=_bytes_of(part),
            )
            for number, part in enumerate(message.iter_attachments(), start=1)
        ],
    )


def _bytes_of(part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
