"""The demo's mailbox."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from massy_grc.outbox import sending
from massy_grc.outbox.api import queue_delivery
from massy_grc.outbox.models import Delivery, KeptMail
from massy_grc.outbox.views import PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.EMAIL_BACKEND = "massy_grc.outbox.mailbox.KeptMailBackend"
    settings.DEMO = True


def _send(key="k", **fields) -> KeptMail:
    queue_delivery(
        key=key, to="a@b.example", subject="Bien reçu", body="Bonjour <b>vous</b>", **fields
    )
    sending.send_due()
    return KeptMail.objects.first()


def test_a_mail_is_listed_and_read_as_text(client):
    kept = _send()
    assert "Bien reçu" in client.get(reverse("outbox:mailbox")).content.decode()
    page = client.get(reverse("outbox:mail", args=[kept.pk])).content.decode()
    assert "Bonjour &lt;b&gt;vous&lt;/b&gt;" in page
    assert sending.message_id("k").strip("<>") in page


def test_an_attachment_is_downloaded(client):
    path = default_storage.save("tests/letter", ContentFile(b"%PDF-1.7"))
    kept = _send(attachments=[{"name": "l.pdf", "path": path, "media_type": "application/pdf"}])
    response = client.get(reverse("outbox:mail_attachment", args=[kept.pk, 1]))
    assert response.content == b"%PDF-1.7"
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("outbox:mail_attachment", args=[kept.pk, 2])).status_code == 404


def test_a_mail_sent_twice_is_kept_once(client):
    _send()
    Delivery.objects.update(state="queued")
    sending.send_due()
    assert KeptMail.objects.count() == 1


def test_the_list_is_paged_with_the_same_queries(client, django_assert_num_queries):
    KeptMail.objects.bulk_create(
        KeptMail(to="a@b.example", subject=f"Mail {n}", raw=b"") for n in range(PAGE + 5)
    )
    client.get(reverse("outbox:mailbox"))  # the town's name is now cached
    with django_assert_num_queries(1):
        page = client.get(reverse("outbox:mailbox"))
    assert len(page.context["mails"]) == PAGE
    with django_assert_num_queries(1):
        second = client.get(reverse("outbox:mailbox") + page.context["next_url"])
    assert len(second.context["mails"]) == 5


def test_an_odd_page_number_shows_the_newest(client):
    assert client.get(reverse("outbox:mailbox") + "?avant=x").status_code == 200


def test_there_is_no_mailbox_outside_the_demo(client, settings):
    kept = _send()
    settings.DEMO = False
    assert client.get(reverse("outbox:mailbox")).status_code == 404
    assert client.get(reverse("outbox:mail", args=[kept.pk])).status_code == 404
