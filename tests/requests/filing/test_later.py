"""Documents due after the request, as the catalogue says: told before, asked in their time."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from prestations.forms import Questionnaire
from requests import actions
from tests.backoffice.conftest import client_of
from tests.requests.filed import file_request
from tests.requests.filing.support import begin, file_valid, text_of
from tests.requests.tracking.conftest import come_back
from tests.requests.tracking.test_acts import pdf

pytestmark = pytest.mark.django_db
ROOM = "association-location-salle"
AGREEMENT = "Convention signée"
WHEN = "Après l'accord de la ville, avant la remise des clés"


@pytest.fixture(autouse=True)
def _catalogue(catalogue):
    return catalogue


@pytest.mark.parametrize("url", [f"/prestations/{ROOM}/", f"/prestations/{ROOM}/demande/"])
def test_what_is_due_after_the_agreement_is_told_before(client, url):
    text = text_of(client.get(url))
    later = text[text.index("Plus tard, pas avec la demande") :]
    assert AGREEMENT in later
    assert WHEN in later


def test_it_is_not_asked_while_filing_and_told_again_once_sent(client):
    draft = begin(client, ROOM)
    asked = [
        question.name
        for step in Questionnaire(draft.form_version, "web").steps({})
        for question in step.questions
    ]
    assert "attestation-assurance" in asked
    assert "convention" not in asked

    _draft, confirmation = file_valid(client, ROOM)
    text = text_of(client.get(confirmation))
    assert "Vous n’avez rien à envoyer maintenant." in text
    assert AGREEMENT in text


def test_when_its_time_has_come_an_agent_asks_and_the_requester_sends_it(client, eas_agent):
    room = file_request(ROOM)
    actions.take_request(request_id=room.pk, version=room.version, actor=eas_agent)
    room.refresh_from_db()
    due = timezone.localdate() + timedelta(days=10)
    client_of(eas_agent).post(
        f"/agent/demandes/{room.reference}/ask_pieces/",
        {
            "version": room.version,
            "fault": "incomplete",
            "documents": ["convention"],
            "due_on": due.isoformat(),
        },
    )
    piece = room.pieces.get()
    assert (piece.document_code, piece.label) == ("convention", AGREEMENT)

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):  # it may no longer be undone
        come_back(client, room)
        page = f"/demandes/{room.reference}/"
        assert AGREEMENT in text_of(client.get(page))
        client.post(f"{page}pieces/", {f"piece_{piece.pk}": pdf()})
    assert room.attachments.get().document_code == "convention"


def test_what_goes_to_the_head_teacher_is_not_asked_by_the_town(eas_agent):
    filed = file_request("scolaire-inscription")
    school = actions.take_request(request_id=filed.pk, version=None, actor=eas_agent)
    page = client_of(eas_agent).get(f"/agent/demandes/{school.reference}/ask_pieces/")
    assert "identite-enfant" in page.context["form"].known
    assert "adiation" not in page.content.decode()
