"""Pieces, questions, messages both ways."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.enums import LetterUse
from requests import actions
from requests.enums import PieceFault
from requests.letters.canned import canned_replies
from requests.letters.words import full_date, plain_date
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

CANARY = "canari-note-interne"


@pytest.fixture
def opened(catalogue, eas_agent):
    """A request in the front office's hands; its first letters have left."""
    service_request = file_request("acte-naissance-filiation")
    drain_outbox()
    return actions.take_request(request_id=service_request.pk, version=None, actor=eas_agent)


def _ask_pieces(service_request, actor):
    return actions.ask_pieces(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        pieces=[
            {"document_code": "piece-identite", "label": "Pièce d'identité", "reason": "floue"}
        ],
        due_on=timezone.localdate() + timedelta(days=30),
    )


def test_missing_pieces_are_asked_for_by_name_with_a_date(opened, eas_agent, mails):
    _ask_pieces(opened, eas_agent)
    (sent,) = mails()
    assert "- Pièce d'identité (floue)" in sent.body
    assert full_date(timezone.localdate() + timedelta(days=30)) in sent.body
    assert "Nadia Petit" in sent.body


def test_a_file_to_correct_is_told_so_and_not_that_something_is_missing(opened, eas_agent, mails):
    actions.ask_pieces(
        request_id=opened.pk,
        version=None,
        actor=eas_agent,
        pieces=[{"label": "Pièce d'identité", "reason": "la copie est illisible"}],
        due_on=timezone.localdate() + timedelta(days=30),
        fault=PieceFault.INCORRECT,
    )
    (sent,) = mails()
    assert "votre demande est à corriger" in sent.subject
    assert "nous avons tout reçu, mais ceci est à corriger" in sent.body
    assert "manque" not in sent.body.partition("- Pièce d'identité")[0]


def test_a_question_is_put_in_the_towns_letter(opened, eas_agent, mails):
    actions.ask_question(
        request_id=opened.pk, version=None, actor=eas_agent, body="Quel est votre <nom> ?"
    )
    (sent,) = mails()
    assert "Quel est votre <nom> ?" in sent.body
    assert "Merci de répondre au plus tard le " in sent.body
    assert "Auto-Submitted" not in sent.extra_headers


def test_a_message_is_greeted_and_signed(opened, eas_agent, mails):
    actions.write_message(
        request_id=opened.pk, version=None, actor=eas_agent, body="Votre acte part demain."
    )
    (sent,) = mails()
    assert "Bonjour,\n\nVotre acte part demain.\n\nNadia Petit" in sent.body
    assert sent.reply_to == ["mairie@massy.example"]


def test_a_whole_letter_is_not_greeted_twice(opened, eas_agent, mails):
    body = "Bonjour Madame,\n\nVotre acte part demain.\n\nNadia Petit"
    actions.write_message(request_id=opened.pk, version=None, actor=eas_agent, body=body)
    (sent,) = mails()
    assert sent.body.count("Bonjour") == 1
    assert sent.body.count("Nadia Petit") == 1


def test_a_ready_reply_leads_once_and_straight_to_the_request(opened, eas_agent, mails):
    offered = canned_replies(opened, LetterUse.MESSAGE, timezone.now())
    (ready,) = [one for one in offered if "Suivre votre demande" in one.text]
    assert "/suivi/lien/" not in ready.text  # the agent's page holds no key
    body = f"Bonjour, {ready.text}"
    actions.write_message(request_id=opened.pk, version=None, actor=eas_agent, body=body)
    (sent,) = mails()
    assert sent.body.count("Suivre votre demande") == 1
    assert sent.body.count("/suivi/lien/") == 1
    assert not re.search(r"/suivi/\s", sent.body)
    assert sent.body.count("Bonjour") == 1


def test_two_messages_of_one_day_are_two_letters(opened, eas_agent, mails):
    opened.__class__.objects.filter(pk=opened.pk).update(requester_email="")
    for body in ("Un.", "Deux."):
        actions.write_message(request_id=opened.pk, version=None, actor=eas_agent, body=body)
    mails()
    assert opened.documents.filter(to_print=True, template="message").count() == 2


def test_what_the_requester_sends_is_confirmed_to_them(opened, eas_agent, mails):
    _ask_pieces(opened, eas_agent)
    mails()
    actions.supply(request_id=opened.pk, body="La voici.")
    confirmation, _to_agent = mails()
    assert "est bien arrivé" in confirmation.subject


def test_what_the_requester_sends_is_told_to_who_holds_it_without_its_words(
    opened, eas_agent, mails
):
    actions.receive_message(request_id=opened.pk, body="Mot à ne pas répéter.")
    (told,) = [sent for sent in mails() if sent.to == [eas_agent.email]]
    assert opened.reference in told.subject
    assert f"/agent/demandes/{opened.reference}/" in told.body
    assert "répéter" not in told.body


def test_a_message_nobody_holds_is_told_to_the_supervisors(opened, eas_agent, supervisor, mails):
    eas_agent.is_active = False
    eas_agent.save(update_fields=["is_active"])
    actions.receive_message(request_id=opened.pk, body="Bonjour ?")
    assert [supervisor.email] in [sent.to for sent in mails()]


def test_a_requesters_reopening_is_told_to_who_holds_it(opened, eas_agent, mails):
    actions.answer_request(
        request_id=opened.pk, version=None, actor=eas_agent, body="Voici.", outcome="positive"
    )
    mails()
    actions.reopen_request(
        request_id=opened.pk, version=None, reason="Rien reçu.", by_requester=True
    )
    (told,) = [sent for sent in mails() if sent.to == [eas_agent.email]]
    assert "rouverte" in told.subject
    assert "Rien reçu" not in told.body


def test_what_an_agent_enters_is_not_confirmed(opened, eas_agent, mails):
    _ask_pieces(opened, eas_agent)
    mails()
    piece = opened.pieces.get()
    actions.supply(
        request_id=opened.pk, actor=eas_agent, received_pieces=[piece.pk], by_requester=False
    )
    assert mails() == []


def test_a_message_on_a_closed_request_is_told_to_the_agent_without_its_words(
    opened, eas_agent, mails
):
    actions.withdraw_request(request_id=opened.pk)
    mails()
    actions.receive_message(request_id=opened.pk, body="J'ai changé d'avis, secret.")
    confirmation, told = mails()
    assert "est bien arrivé" in confirmation.subject
    assert "Réponse prévue" not in confirmation.body
    assert told.to == [eas_agent.email]
    assert "secret" not in told.body


def test_no_internal_note_reaches_a_mail_or_a_letter(opened, eas_agent, mails):
    actions.add_note(request_id=opened.pk, actor=eas_agent, body=CANARY)
    actions.write_message(request_id=opened.pk, version=None, actor=eas_agent, body="Bonjour.")
    actions.transfer_request(
        request_id=opened.pk,
        version=None,
        actor=eas_agent,
        department=_department("etat-civil"),
        note=CANARY,
    )
    for sent in mails():
        assert CANARY not in sent.body


def _department(code):
    from prestations.models import Department

    return Department.objects.filter(pk=code).first() or Department.objects.first()


def test_no_date_is_announced_while_the_clock_is_stopped_for_documents(opened, eas_agent, mails):
    _ask_pieces(opened, eas_agent)
    (sent,) = mails()
    assert "Réponse prévue" not in sent.body
    assert "Délai de réponse suspendu jusqu'à la réception de ce qui est demandé" in sent.body


def test_no_date_is_announced_while_an_answer_is_awaited(opened, eas_agent, mails):
    actions.ask_question(request_id=opened.pk, version=None, actor=eas_agent, body="Quel nom ?")
    (sent,) = mails()
    assert "Réponse prévue" not in sent.body
    assert "Délai de réponse suspendu jusqu'à votre réponse" in sent.body


def test_a_message_without_the_missing_document_confirms_that_the_delay_stays_suspended(
    opened, eas_agent, mails
):
    _ask_pieces(opened, eas_agent)
    mails()
    actions.receive_message(request_id=opened.pk, body="Je la cherche.")
    sent, *_to_agents = mails()
    assert "Il manque encore" in sent.body
    assert "- Pièce d'identité (floue)" in sent.body
    assert "Le délai de réponse est suspendu jusqu'à leur réception." in sent.body
    assert "Nous prévoyons de vous répondre" not in sent.body


def test_a_letter_of_an_event_is_named_by_its_day_and_its_rank_that_day(opened, eas_agent, mails):
    for body in ("Un.", "Deux."):
        actions.write_message(request_id=opened.pk, version=None, actor=eas_agent, body=body)
    mails()
    first, second = opened.documents.filter(template="message").order_by("pk")
    assert first.label == f"Message du {plain_date(timezone.now())}"
    assert second.label == f"{first.label} (2)"
