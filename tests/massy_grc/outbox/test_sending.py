"""Deliveries: claimed, sent by a real SMTP server, marked; crashes and refusals."""

import email
import email.policy
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from massy_grc.outbox import sending
from massy_grc.outbox.api import queue_delivery
from massy_grc.outbox.enums import DeliveryState
from massy_grc.outbox.models import Delivery


class Postman:
    """An SMTP handler that keeps what it gets, or answers as told."""

    def __init__(self):
        self.mails = []
        self.recipient_answer = ""
        self.data_answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer.startswith("250"):
            self.mails.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
        return self.data_answer


@pytest.fixture
def postman(settings):
    """A real SMTP server on a free port, and Django told to use it."""
    handler = Postman()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


def _queue(key="k", **fields) -> Delivery:
    values = {
        "to": "jeanne@courriel.example",
        "subject": "Été : reçu",
        "body": "Bonjour,\n\nÀ vous",
    }
    return queue_delivery(key=key, **(values | fields))


@pytest.mark.django_db
def test_a_mail_leaves_as_plain_text_with_the_headers_of_an_automatic_message(postman):
    delivery = _queue(context={"reply_to": "mairie@massy.example"})
    assert sending.send_due() == 1
    (mail,) = postman.mails
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["Bonjour,", "", "À vous"]
    assert mail["Subject"] == "Été : reçu"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "mairie@massy.example"
    assert mail["Message-ID"] == sending.message_id("k")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    assert delivery.sent_at


@pytest.mark.django_db
def test_a_persons_own_message_is_not_marked_automatic(postman):
    _queue(automatic=False)
    sending.send_due()
    assert postman.mails[0]["Auto-Submitted"] is None


@pytest.mark.django_db
def test_attachments_are_read_from_the_storage(postman):
    path = default_storage.save("tests/letter", ContentFile(b"%PDF-1.7 letter"))
    _queue(attachments=[{"name": "lettre.pdf", "path": path, "media_type": "application/pdf"}])
    sending.send_due()
    (part,) = postman.mails[0].iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("lettre.pdf", "application/pdf")
    assert part.get_payload(decode=True) == b"%PDF-1.7 letter"


@pytest.mark.django_db
def test_a_mail_sent_is_never_sent_again(postman):
    _queue()
    sending.send_due()
    assert sending.send_due(timezone.now() + timedelta(days=1)) == 0
    assert len(postman.mails) == 1


@pytest.mark.django_db
def test_a_worker_killed_before_marking_sends_again_with_the_same_message_id(postman, monkeypatch):
    _queue()

    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    monkeypatch.setattr(sending, "_mark_sent", die)
    with pytest.raises(Killed):
        sending.send_due()
    monkeypatch.undo()
    assert Delivery.objects.get().state == DeliveryState.IN_FLIGHT
    assert sending.send_due() == 0  # still claimed
    assert sending.send_due(timezone.now() + sending.CLAIM) == 1
    first, second = postman.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again_with_growing_pauses_then_failed(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    delivery = _queue()
    sending.send_due()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.RETRY
    assert "ConnectionRefusedError" in delivery.last_error
    assert delivery.next_attempt_at > timezone.now()
    Delivery.objects.update(
        first_attempt_at=timezone.now() - sending.PATIENCE, next_attempt_at=timezone.now()
    )
    sending.send_due()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED


@pytest.mark.django_db
def test_a_failed_mail_can_be_queued_again(postman):
    postman.recipient_answer = "550 no such user"
    _queue()
    sending.send_due()
    assert Delivery.objects.failed().count() == 1
    postman.recipient_answer = ""
    Delivery.objects.try_again(timezone.now())
    assert sending.send_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such user", DeliveryState.FAILED), ("451 come back later", DeliveryState.RETRY)],
)
def test_an_address_refused_for_good_fails_at_once(postman, answer, state):
    postman.recipient_answer = answer
    _queue()
    sending.send_due()
    assert Delivery.objects.get().state == state


@pytest.mark.django_db
def test_one_refused_mail_does_not_stop_the_next(postman):
    _queue(key="gone", attachments=[{"name": "x", "path": "no/where", "media_type": "text/plain"}])
    _queue(key="fine")
    assert sending.send_due() == 1
    assert Delivery.objects.get(key="gone").state == DeliveryState.RETRY


@pytest.mark.django_db
def test_a_hostile_subject_stored_by_other_means_does_not_add_headers(postman):
    _queue()
    Delivery.objects.update(subject="Un\nBcc: tous@b.example")
    assert sending.send_due() == 0
    assert postman.mails == []
    assert "BadHeaderError" in Delivery.objects.get().last_error
