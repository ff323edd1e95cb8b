"""What bars a favourable answer or a delivery, seen before one clicks, and who lifts it (S55)."""

import json
from datetime import date

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from prestations.models import ClosingReason
from requests import actions
from requests.blocking import obstacles
from requests.enums import PieceReason, State, Verb
from requests.exceptions import Blocked
from requests.models import Attachment, HandOver, Override, PieceRequest, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
CERTIFICATE, ENVELOPE, PERMIT = (
    "acte-naissance-filiation",
    "acte-a-remettre",
    "stationnement-macaron",
)
YES = {"outcome": "positive", "template": "", "body": "Voici l'acte.", "close": "on"}
SIGNED = json.dumps([[[10, 20], [200, 90]], [[210, 90]]])


def url(sr, verb: str = "") -> str:
    return f"/agent/demandes/{sr.reference}/" + (f"{verb}/" if verb else "")


def send(browser, sr, verb, **fields):
    sr.refresh_from_db()
    return browser.post(url(sr, verb), {"version": sr.version, **fields})


def bars(sr, verb=Verb.CLOSE) -> list[str]:
    return [one.key for one in obstacles(ServiceRequest.objects.get(pk=sr.pk), verb)]


def with_front(code, agent, **fields) -> ServiceRequest:
    sr = file_request(code, **fields)
    actions.route_request(request_id=sr.pk)
    drain_outbox()
    mail.outbox.clear()
    sr.refresh_from_db()
    return sr


def joined(sr) -> Attachment:
    return Attachment.objects.create(
        request=sr,
        document_code="piece-identite",
        name="cni.pdf",
        media_type="application/pdf",
        size=9,
        sha256="0" * 64,
    )


def test_a_document_is_checked_refused_asked_for_again_and_then_the_answer_leaves(
    front, catalogue, eas_agent, settings, tmp_path, text_letters
):
    settings.MEDIA_ROOT = tmp_path
    sr = with_front(CERTIFICATE, eas_agent, papers=[])
    joined(sr)
    page = front.get(url(sr)).content.decode()
    assert "Avant une réponse favorable" in page
    assert "à vérifier" in page
    assert "peut lever le blocage" in page
    barred = send(front, sr, "answer", **YES)
    assert barred.status_code == 409
    assert "à vérifier" in barred.content.decode()
    refused = {"piece_piece-identite": PieceReason.EXPIRED.value}
    following = send(front, sr, "check", **refused)
    assert following.url == url(sr, "ask_pieces")
    form = front.get(following.url).context["form"]
    assert form["documents"].value() == ["piece-identite"]
    send(
        front,
        sr,
        "ask_pieces",
        documents="piece-identite",
        fault=form["fault"].value(),
        reason=form["reason"].value(),
        due_on="2099-01-15",
    )
    drain_outbox()
    (letter,) = mail.outbox
    assert "le document est périmé" in letter.body
    assert "15 janvier 2099" in letter.body
    assert bars(sr) == ["piece:piece-identite"]
    actions.supply(request_id=sr.pk, attachments=[joined(sr)])
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert bars(sr) == ["piece:piece-identite"]  # received is not checked
    send(front, sr, "check", **{"piece_piece-identite": "ok"})
    assert bars(sr) == []
    page = front.get(url(sr)).content.decode()
    assert "acceptée par Nadia Petit" in page
    assert "Avant une réponse favorable" not in page
    assert send(front, sr, "answer", **YES).status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.CLOSE


def test_a_fee_is_paid_before_the_delivery(front, catalogue, eas_agent, supervisor):
    sr = file_request(PERMIT, papers=["piece-identite", "certificat-immatriculation"])
    own = {"request_id": sr.pk, "version": None, "actor": eas_agent}
    actions.take_request(**own)
    assert bars(sr, Verb.READY) == []
    assert bars(sr) == ["fee"]
    half = send(front, sr, "check", amount="20", method="", receipt="")
    assert "Notez le montant" in half.content.decode()
    send(front, sr, "check", amount="20,00", method="regie", receipt="R-2026-118")
    page = front.get(url(sr)).content.decode()
    assert "R-2026-118" in page
    assert bars(sr) == []


def test_a_hand_over_is_signed_whatever_the_door(front, catalogue, eas_agent):
    sr = with_front(ENVELOPE, eas_agent, papers=[], channel="guichet")
    remis = f"/agent/accueil/enregistree/{sr.reference}/remis/"
    done = ClosingReason.objects.get(pk="satisfaite")
    with pytest.raises(Blocked):
        actions.close_request(request_id=sr.pk, version=None, actor=eas_agent, closing_reason=done)
    unsigned = front.post(remis, {"collected_by": "Jeanne Durand", "proof": "carte"})
    assert "Faites signer" in unsigned.content.decode()
    forged = {"strokes": json.dumps([[[10, 9000]]]), "collected_by": "J", "proof": "carte"}
    assert front.post(remis, forged).status_code == 409
    sr.refresh_from_db()
    assert sr.is_open
    signed = {"collected_by": "Jeanne Durand", "proof": "procuration", "strokes": SIGNED}
    front.post(remis, signed)
    sr.refresh_from_db()
    assert (sr.state, sr.closing_reason_id) == (State.CLOSE, "document-remis")
    kept = HandOver.objects.get(request=sr)
    assert (kept.collected_by, kept.strokes[0][1]) == ("Jeanne Durand", [200, 90])
    page = front.get(url(sr)).content.decode()
    assert "Remis à Jeanne Durand" in page
    assert 'points="10,20 200,90 "' in page


def test_only_the_front_offices_manager_lets_pass_with_a_reason_that_stays(
    front, catalogue, eas_agent, supervisor
):
    sr = with_front(CERTIFICATE, eas_agent, papers=[])
    assert front.get(url(sr, "override")).status_code == 403
    boss = client_of(supervisor)
    given = {"lifted": "piece:piece-identite", "reason": "Pièce vue par l'état civil hier."}
    assert send(boss, sr, "override", **given | {"reason": " "}).status_code == 200
    assert send(boss, sr, "override", **given).status_code == 302
    page = front.get(url(sr)).content.decode()
    assert "Blocage levé" in page
    assert "vue par l&#x27;état civil hier" in page
    assert bars(sr) == []
    row = Override.objects.get(request=sr)
    for change in ({"reason": "Autre chose"}, {"lifted": []}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Override.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    send(front, sr, "answer", **YES)
    actions.reopen_request(
        request_id=sr.pk, version=None, actor=eas_agent, reason="Erreur sur le nom."
    )
    assert bars(sr) == ["piece:piece-identite"]  # what was let pass once is not let pass for ever


def test_originals_bar_neither_a_booking_nor_an_appointment(catalogue, eas_agent):
    sr = with_front("passeport-mairie-principale", eas_agent, papers=[])
    assert {"piece:photo", "identity"} <= set(bars(sr, Verb.READY))
    assert obstacles(sr, Verb.SET_APPOINTMENT) == []
    assert not obstacles(sr, Verb.TREAT)
    with pytest.raises(Blocked):
        actions.mark_ready(
            request_id=sr.pk, version=None, actor=eas_agent, template="titre-disponible"
        )


def test_no_link_to_check_what_the_form_does_not_ask(front, catalogue, eas_agent):
    """A document was asked for although the form asks for none: there is nothing to check."""
    sr = with_front("voirie-graffitis", eas_agent)
    actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)
    PieceRequest.objects.create(
        request=sr, label="Un plan", asked_at=sr.arrived_at, due_on=date(2099, 1, 15)
    )
    page = front.get(url(sr)).content.decode()
    assert "Un plan, à recevoir du demandeur" in page
    assert "Un agent note ce qui est arrivé" in page
    assert url(sr, "check") not in page
    assert front.get(url(sr, "check")).status_code == 404


def test_what_came_after_the_check_is_checked_again(front, catalogue, eas_agent):
    sr = with_front(CERTIFICATE, eas_agent, papers=[])
    joined(sr)
    send(front, sr, "check", **{"piece_piece-identite": "ok"})
    assert bars(sr) == []
    joined(sr)
    assert bars(sr) == ["piece:piece-identite"]


def test_a_signature_stands_for_one_delivery(front, catalogue, eas_agent):
    sr = with_front(ENVELOPE, eas_agent, papers=[], channel="guichet")
    signed = {"collected_by": "Jeanne Durand", "proof": "procuration", "strokes": SIGNED}
    assert send(front, sr, "hand_over", **signed).status_code == 302
    assert not sr.checks.exists()  # the proxy's card says nothing of the requester's
    assert not sr.sendings.exists()  # what is in its owner's hands cannot be undone
    own = {"request_id": sr.pk, "version": None, "actor": eas_agent}
    actions.reopen_request(**own, reason="Erreur sur le nom.")
    assert "signature" in bars(sr)


def test_what_a_colleague_did_meanwhile_is_told_and_forged_drawings_are_refused(
    front, catalogue, eas_agent
):
    sr = with_front(ENVELOPE, eas_agent, papers=[], channel="guichet")
    signed = {"collected_by": "Jeanne Durand", "proof": "carte"}
    for strokes, status in (("[" * 50_000, 200), ("[[[1e999, 1]]]", 409)):
        forged = send(front, sr, "hand_over", **signed, strokes=strokes, shown=strokes)
        assert forged.status_code == status
    actions.withdraw_request(request_id=sr.pk, version=None)
    late = send(front, sr, "hand_over", **signed, strokes=SIGNED)
    assert late.status_code == 409
    assert "Jeanne Durand" in late.content.decode()
