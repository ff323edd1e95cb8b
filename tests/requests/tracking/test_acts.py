"""What the requester does from the page: reply, send pieces, withdraw, come back."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from massy_grc.common.text import one_line
from requests import actions
from requests.enums import State
from requests.models import Attachment
from tests.requests.tracking.conftest import NOW, come_back

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pdf(name="photo.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def ask_pieces(pothole, expert, *codes):
    return actions.ask_pieces(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        pieces=[{"document_code": code, "label": f"Pièce {code}"} for code in codes],
        due_on=date(2026, 11, 20),
        now=NOW,
    )


def fields_of(pothole):
    return [f"piece_{piece.pk}" for piece in pothole.pieces.filter(received_at=None)]


def reload(sr):
    sr.refresh_from_db()
    return sr


def test_reply_joins_the_conversation(owner, address, pothole):
    answer = owner.post(f"{address}message/", {"body": "Le trou s'agrandit."}, follow=True)

    assert "Votre message est envoyé" in answer.content.decode()
    assert pothole.messages.get().body == "Le trou s'agrandit."
    assert pothole.events.last().verb == "receive"


def test_empty_reply_is_refused_and_says_so_twice_alike(owner, address, pothole):
    page = owner.post(f"{address}message/", {"body": " "}).content.decode().replace("\xa0", " ")

    assert page.count("Renseignez « Votre message »") == 2
    assert "<title>Erreur :" in page
    assert not pothole.messages.exists()


def test_reply_can_carry_a_document(owner, address, pothole):
    owner.post(f"{address}message/", {"body": "Voici", "file": pdf()})

    assert pothole.attachments.get().by_requester


def test_answer_to_a_question_restarts_the_clock(owner, address, pothole, proximite_agent, clock):
    due = pothole.due_at
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=proximite_agent, body="Quel numéro ?", now=NOW
    )
    clock.move_to(NOW + timedelta(days=3))
    come_back(owner, pothole)

    owner.post(f"{address}message/", {"body": "Le 12"})

    assert reload(pothole).state == State.TRANSMISE
    assert pothole.paused_at is None
    assert pothole.due_at == due + timedelta(days=3)


def test_asked_piece_restarts_the_clock(owner, address, pothole, expert, clock):
    due = pothole.due_at
    ask_pieces(pothole, expert, "photo")
    clock.move_to(NOW + timedelta(days=2))
    come_back(owner, pothole)

    owner.post(f"{address}pieces/", {fields_of(pothole)[0]: pdf()})

    assert reload(pothole).state == State.TRANSMISE
    assert pothole.due_at == due + timedelta(days=2)
    assert pothole.attachments.get().document_code == "photo"


def test_first_of_two_pieces_is_kept_and_the_clock_stays_stopped(owner, address, pothole, expert):
    ask_pieces(pothole, expert, "photo", "plan")
    first, second = fields_of(pothole)

    owner.post(f"{address}pieces/", {first: pdf()})

    assert reload(pothole).state == State.ATTENTE_PIECES
    assert fields_of(pothole) == [second]
    assert "Pièce plan" in owner.get(address).content.decode()


def test_no_piece_at_all_is_an_error(owner, address, pothole, expert):
    ask_pieces(pothole, expert, "photo")

    page = owner.post(f"{address}pieces/", {}).content.decode().replace("\xa0", " ")

    assert page.count("Joignez le document « Pièce photo »") == 2
    assert reload(pothole).state == State.ATTENTE_PIECES


def test_forbidden_kind_is_refused_by_its_content(owner, address, pothole, expert):
    ask_pieces(pothole, expert, "photo")

    owner.post(f"{address}pieces/", {fields_of(pothole)[0]: pdf(content=b"MZ\x90 not a pdf")})

    assert reload(pothole).state == State.ATTENTE_PIECES
    assert not Attachment.objects.exists()


def test_piece_no_longer_asked_is_not_kept(owner, address, pothole):
    answer = owner.post(f"{address}pieces/", {"piece_1": pdf()}, follow=True)

    assert "plus de pièce" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_withdrawing_asks_before_it_acts(owner, address, pothole):
    page = owner.get(f"{address}retirer/")

    assert "Annuler ma demande\xa0?" in page.content.decode()
    assert reload(pothole).state == State.TRANSMISE


def test_withdrawing_ends_the_request(owner, address, pothole):
    owner.post(f"{address}retirer/")

    assert reload(pothole).state == State.ANNULEE
    assert pothole.events.last().by_requester
    assert "est annulée" in owner.get(address).content.decode()


def test_withdrawing_twice_says_that_it_is_over(owner, address, pothole):
    owner.post(f"{address}retirer/")

    answer = owner.post(f"{address}retirer/", follow=True)

    assert "déjà terminée" in answer.content.decode()
    assert pothole.events.filter(verb="withdraw").count() == 1


def test_reopening_within_fifteen_days(owner, address, closed, clock):
    clock.move_to(NOW + timedelta(days=15))
    come_back(owner, closed)
    assert "Le problème n’est pas réglé" in owner.get(address).content.decode()

    owner.post(f"{address}rouvrir/", {"reason": "Le trou est revenu."})

    assert reload(closed).state == State.EN_COURS
    assert closed.messages.last().body == "Le trou est revenu."
    again = owner.get(f"{address}rouvrir/", follow=True)
    assert again.redirect_chain == [(address, 302)]
    assert "Cette demande est de nouveau ouverte" in again.content.decode()
    assert "ne peut plus être rouverte" not in again.content.decode()


def test_reopening_is_over_after_fifteen_days(owner, address, closed, clock):
    clock.move_to(NOW + timedelta(days=15, minutes=1))
    come_back(owner, closed)

    assert "Le problème n’est pas réglé" not in owner.get(address).content.decode()
    answer = owner.post(f"{address}rouvrir/", {"reason": "Trop tard"}, follow=True)

    assert "ne peut plus être rouverte" in answer.content.decode()
    assert reload(closed).state == State.CLOSE


def test_reopening_needs_a_reason(owner, address, closed):
    page = owner.post(f"{address}rouvrir/", {"reason": ""}).content.decode()

    assert "Renseignez" in page
    assert reload(closed).state == State.CLOSE


def test_answer_that_closes_is_one_step(owner, address, closed):
    page = owner.get(address).content.decode()

    assert page.count("Réponse envoyée, demande terminée") == 2  # last act and timeline
    assert "demande terminée" in page


def test_a_refusal_gives_its_reasons_its_remedies_and_a_way_to_contest(
    owner, address, pothole, expert, proximite_agent
):
    _answered(pothole, expert, proximite_agent, "negative", "Cette voie est privée.")
    text = one_line(owner.get(address).content.decode())
    assert "Votre demande est refusée." in text
    assert "Refusée" in text.split("</h1>")[0]
    assert "Cette voie est privée." in text.split("Pourquoi votre demande est refusée")[1]
    remedies = text.split("Comment contester</h3>")[1][:300]
    assert "tribunal administratif" in remedies
    assert "deux mois" in remedies
    assert "Je conteste ou j’ai un élément nouveau" in text
    assert "Le problème n’est pas réglé" not in text
    form = owner.get(f"{address}rouvrir/").content.decode()
    assert "Je conteste ou j’ai un élément nouveau" in form


def test_a_granted_request_shows_no_refusal(owner, address, pothole, expert, proximite_agent):
    _answered(pothole, expert, proximite_agent, "positive", "Le trou est bouché.")
    text = owner.get(address).content.decode()
    assert "refusée" not in text
    assert "Le problème n’est pas réglé" in text


def _answered(sr, expert, agent, outcome, body):
    actions.treat_request(
        request_id=sr.pk, version=None, actor=expert, conclusion="Vu.", outcome=outcome
    )
    actions.answer_request(request_id=sr.pk, version=None, actor=agent, body=body, outcome=outcome)
