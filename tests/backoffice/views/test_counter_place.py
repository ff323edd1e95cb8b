"""A place is checked at the counter as on the portal: the street, and what is reported already."""

import pytest

from requests.models import FilingDraft, ServiceRequest
from tests.backoffice.views.test_counter import open_form
from tests.factories.places import make_register
from tests.requests.reports.support import ROADS, report

pytestmark = pytest.mark.django_db

DESK = {
    "reponses.type_desordre": "nid_poule",
    "reponses.emplacement": "chaussee",
    "reponses.description": "Un trou",
    "channel": "telephone",
}


@pytest.fixture
def phone(front, catalogue):
    """The form of a pothole before an agent, and the values that file it."""
    make_register()
    address = open_form(front, ROADS, anonyme="1")

    def send(street: str, **more):
        values = {**DESK, "reponses.lieu_voie": street, **more}
        return front.post(address, values)

    return send


def filed():
    return ServiceRequest.objects.filter(prestation=ROADS)


def test_a_street_of_the_register_is_filed_at_once(phone):
    assert phone("rue jean mermoz").status_code == 302
    assert filed().get().street.name == "rue Jean Mermoz"


def test_an_unknown_street_is_asked_about_once_with_those_that_look_like_it(phone):
    page = phone("mermoz")
    assert page.status_code == 200
    assert "rue Jean Mermoz" in page.content.decode()
    assert not filed().exists()
    assert phone("mermoz", place_seen="mermoz").status_code == 302
    assert filed().get().street is None


def test_a_proposed_street_is_taken_with_one_press(phone):
    page = phone("mermoz", rue="91377_0123")
    assert 'value="rue Jean Mermoz"' in page.content.decode()
    assert FilingDraft.objects.get().answers["reponses"]["lieu"]["rue"] == "91377_0123"
    assert phone("rue Jean Mermoz").status_code == 302


def test_a_report_made_already_is_shown_before_a_second_one(phone, catalogue):
    first = report(catalogue)
    page = phone("rue Jean Mermoz")
    assert page.status_code == 200
    assert f"/signalements/{first.pk}/" in page.content.decode()
    assert phone("rue Jean Mermoz", place_seen="rue Jean Mermoz").status_code == 302
    assert filed().count() == 2
