"""A date announced to the requester never moves without a word."""

from datetime import date, datetime, timedelta

from requests import actions
from tests.requests.tracking.conftest import NOW, come_back

TOLD = "Nouvelle date de réponse prévue"


def text_of(browser, address) -> str:
    return browser.get(address).content.decode().replace("\xa0", " ")


def test_no_move_no_word(owner, address, pothole):
    assert TOLD not in text_of(owner, address)


def test_a_pause_tells_the_new_date_and_why(owner, address, pothole, expert, clock):
    piece = {"document_code": "photo", "label": "Photographie"}
    actions.ask_pieces(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        pieces=[piece],
        due_on=date(2026, 11, 30),
        now=NOW,
    )
    clock.move_to(NOW + timedelta(days=5))
    actions.supply(
        request_id=pothole.pk, received_pieces=list(pothole.pieces.values_list("pk", flat=True))
    )
    come_back(owner, pothole)
    page = text_of(owner, address)
    assert TOLD in page
    assert "Le délai était suspendu en attendant votre envoi." in page


def test_another_prestation_tells_the_new_date_and_why(
    owner, address, pothole, catalogue, proximite_agent
):
    before = pothole.due_at
    actions.qualify_request(
        request_id=pothole.pk,
        version=None,
        actor=proximite_agent,
        prestation=catalogue["voirie-mobilier-urbain"],
    )
    pothole.refresh_from_db()
    assert pothole.due_at != before
    data = pothole.events.get(verb="qualify").data
    assert datetime.fromisoformat(data["due_from"]) == before
    assert datetime.fromisoformat(data["due_to"]) == pothole.due_at
    assert "relève d’une autre démarche" in text_of(owner, address)


def test_agents_read_the_new_date_too(client, login, pothole, proximite_agent, expert):
    actions.set_urgent(request_id=pothole.pk, version=None, actor=proximite_agent, urgent=True)
    page = text_of(login(client, expert), f"/agent/demandes/{pothole.reference}/")
    assert "Échéance portée au" in page
