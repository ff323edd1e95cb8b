"""Messages and files arrive once, within limits, and nothing that can be kept is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from massy_grc.outbox.models import Delivery
from requests import actions
from requests.actions import exchange
from requests.enums import State
from requests.models import Attachment, Message
from requests.views import upload_limit
from tests.helpers import drain_outbox
from tests.requests.filed import file_request
from tests.requests.tracking.conftest import EMAIL, NOW
from tests.requests.tracking.test_acts import PDF, ask_pieces, fields_of, reload

TOKEN = "5f8e7f0e-9a55-4a0a-b7c5-7b6c7fb1d0a1"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pdf(name="photo.pdf", more=b""):
    return SimpleUploadedFile(name, PDF + more, "application/pdf")


def send(client, address, body="Bonjour", token=TOKEN, **data):
    return client.post(f"{address}message/", {"body": body, "envoi": token, **data})


def words(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_sendings_give_one_message(client, catalogue):
    sr = file_request("voirie-graffitis")
    client.post("/suivi/", {"reference": sr.reference, "secret": EMAIL})
    together = threading.Barrier(10, timeout=60)

    def post(_number):
        sender = Client()
        sender.cookies = client.cookies
        together.wait()
        try:
            return send(sender, f"/demandes/{sr.reference}/", file=pdf()).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answered = list(pool.map(post, range(10)))
    assert answered == [302] * 10
    assert Message.objects.count() == 1
    assert Attachment.objects.count() == 1
    assert sr.events.filter(verb="receive").count() == 1


def test_page_gives_each_shown_form_a_token_of_its_own(owner, address):
    first, second = (owner.get(address).context["sending"] for _ in range(2))
    assert first != second


def test_second_sending_says_sent_and_leaves_no_file(owner, address, pothole, tmp_path):
    send(owner, address, file=pdf())
    answer = send(owner, address, file=pdf())
    assert "Votre message est envoyé" in words(owner.get(answer.url))
    assert pothole.messages.count() == 1
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1


def test_other_words_of_the_same_form_are_another_message(owner, address, pothole):
    send(owner, address, "Un")
    send(owner, address, "Deux")
    assert pothole.messages.count() == 2


def test_eleventh_message_of_the_hour_waits_and_keeps_its_text(owner, address, pothole, clock):
    for number in range(10):
        assert send(owner, address, f"n° {number}").status_code == 302
    refused = send(owner, address, "le onzième")
    assert refused.status_code == 429
    assert "le onzième" in words(refused)
    assert "Votre texte est gardé" in words(refused)
    clock.move_to(NOW + timedelta(hours=1))
    assert send(owner, address, "le onzième").status_code == 302


def test_request_holds_a_number_of_files(owner, address, pothole, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_FILES", 1)
    send(owner, address, "Un", file=pdf())
    answer = send(owner, address, "Deux", file=pdf())
    assert "beaucoup de fichiers" in words(owner.get(answer.url))
    assert pothole.attachments.count() == 1


def test_visitor_sends_so_many_files_an_hour(owner, address, pothole, monkeypatch):
    limit = upload_limit.Limit("upload", attempts=1, window=timedelta(hours=1))
    monkeypatch.setattr(upload_limit, "UPLOAD_LIMIT", limit)
    send(owner, address, "Un", file=pdf())
    refused = send(owner, address, "Deux", file=pdf())
    assert refused.status_code == 429
    assert "Trop de fichiers" in words(refused)
    assert pothole.attachments.count() == 1


def test_arrival_is_confirmed_once_an_hour(owner, address, pothole, clock):
    def mails():
        drain_outbox()
        return Delivery.objects.filter(key__startswith="request.receive:").count()

    send(owner, address, "Un")
    send(owner, address, "Deux")
    assert mails() == 1
    clock.move_to(NOW + timedelta(minutes=61))
    send(owner, address, "Trois")
    assert mails() == 2


@pytest.mark.parametrize("path", ["message/", "pieces/"])
def test_address_of_a_form_leads_back_to_the_page(owner, address, path):
    assert owner.get(f"{address}{path}").url == address


def test_valid_piece_is_kept_when_its_neighbour_is_refused(owner, address, pothole, expert):
    ask_pieces(pothole, expert, "photo", "plan")
    first, second = fields_of(pothole)
    bad = SimpleUploadedFile("virus.pdf", b"MZ\x90", "application/pdf")
    answer = owner.post(f"{address}pieces/", {first: pdf(), second: bad}, follow=True)
    assert fields_of(pothole) == [second]
    assert pothole.attachments.get().document_code == "photo"
    assert "« virus.pdf » n’est ni un PDF" in words(answer)
    assert "Il manque encore une pièce" in words(answer)


def test_piece_may_be_several_files(owner, address, pothole, expert):
    ask_pieces(pothole, expert, "photo")
    (field,) = fields_of(pothole)
    assert "multiple" in words(owner.get(address))
    owner.post(f"{address}pieces/", {field: [pdf("recto.pdf"), pdf("verso.pdf", b"2")]})
    assert pothole.attachments.count() == 2
    assert reload(pothole).state == State.TRANSMISE


@pytest.mark.parametrize(
    "body", ["\u200b\u200d", "\u2063", "a\x00b", "facture\u202efdp.exe", "\u2066x"]
)
def test_invisible_or_turning_text_is_refused(owner, address, pothole, body):
    answer = send(owner, address, body)
    assert answer.status_code == 200
    assert not pothole.messages.exists()


def test_leaving_forgets_the_request(owner, address):
    assert "Quitter" in words(owner.get(address))
    assert owner.post("/suivi/quitter/").url == "/"
    assert owner.get(address).status_code == 404


def test_right_to_read_ends_after_twelve_hours_in_a_longer_session(owner, address, clock):
    session = owner.session
    session.set_expiry(timedelta(days=7))
    session.save()
    clock.move_to(NOW + timedelta(hours=11, minutes=59))
    assert owner.get(address).status_code == 200
    clock.move_to(NOW + timedelta(hours=12, minutes=1))
    assert owner.get(address).status_code == 404


def test_agents_note_is_no_sending(pothole, expert):
    """What an agent enters is not limited."""
    ask_pieces(pothole, expert, "photo")
    (piece,) = pothole.pieces.all()
    actions.supply(request_id=pothole.pk, actor=expert, received_pieces=[piece.pk])
    assert reload(pothole).state == State.TRANSMISE
