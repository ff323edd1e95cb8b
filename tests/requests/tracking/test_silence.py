"""The day of the answer and the day on which silence decides, told together (CRPA L231)."""

from datetime import datetime, timedelta

import pytest

from prestations.calendars import PARIS
from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from requests.views.filing_done import confirmation_url
from tests.requests.filed import file_request
from tests.requests.filing.support import text_of
from tests.requests.tracking.conftest import come_back

pytestmark = pytest.mark.django_db

REFUSES = "Sans réponse de notre part le samedi 2 janvier 2027, la loi considère votre demande"
ACCEPTS = "la loi considère votre demande comme acceptée"


@pytest.fixture
def activities(catalogue, clock):
    """A complete registration, which silence accepts on 2 January, long after its answer's day."""
    sr = file_request("famille-inscription-periscolaire")
    return actions.route_request(request_id=sr.pk, now=sr.arrived_at)


@pytest.mark.parametrize("page", ["confirmation", "tracking"])
def test_both_days_are_told_when_silence_decides_before_the_answer(owner, address, pothole, page):
    text = text_of(owner.get(confirmation_url(pothole) if page == "confirmation" else address))
    assert "Réponse prévue au plus tard le dimanche 31 janvier 2027." in text
    assert f"{REFUSES} comme refusée. Nous vous répondons quand même." in text


@pytest.mark.parametrize("url", ["/prestations/{}/", "/prestations/{}/demande/"])
def test_before_filing_both_delays_are_told_together(client, catalogue, clock, url):
    long = text_of(client.get(url.format("voirie-intervention-rapide")))
    assert "90 jours. Sans réponse 2 mois après, la loi considère la demande refusée." in long
    short = text_of(client.get(url.format("voirie-graffitis")))
    assert "la loi considère la demande" not in short


def test_english_says_both_days_too(owner, address):
    text = text_of(owner.get(address, headers={"accept-language": "en"}))
    assert "If we have not answered by Saturday 2 January 2027" in text


def test_an_answer_that_comes_first_says_nothing_of_silence(client, activities):
    assert ACCEPTS not in text_of(client.get(confirmation_url(activities)))


def test_a_late_answer_tells_what_silence_will_make_of_it_then_what_it_made(
    client, activities, clock
):
    clock.move_to(activities.due_at + timedelta(days=1))
    text = text_of(client.get(confirmation_url(activities)))
    assert "La réponse a du retard" in text
    assert f"{ACCEPTS}. Vous pourrez nous demander une attestation." in text
    clock.move_to(datetime(2027, 1, 3, 9, 0, tzinfo=PARIS))
    text = text_of(client.get(confirmation_url(activities)))
    assert f"{ACCEPTS}. Vous pouvez nous demander une attestation." in text


def test_a_document_that_is_ready_is_an_answer(client, pothole, address, clock):
    ServiceRequest.objects.filter(pk=pothole.pk).update(state=State.A_RETIRER)
    clock.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=PARIS))
    come_back(client, pothole)
    assert "La mairie n’a pas répondu à temps" not in text_of(client.get(address))


def test_what_silence_refused_is_told_once(client, pothole, address, clock):
    clock.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=PARIS))
    come_back(client, pothole)
    text = text_of(client.get(address))
    assert "La mairie n’a pas répondu à temps" in text
    assert REFUSES not in text


def test_missing_documents_stop_the_clock_and_the_words(client, catalogue, clock, proximite_agent):
    sr = file_request("association-subvention", missing_documents=["statuts"])
    sr = actions.route_request(request_id=sr.pk, now=sr.arrived_at)
    assert "comme refusée" not in text_of(client.get(confirmation_url(sr)))
