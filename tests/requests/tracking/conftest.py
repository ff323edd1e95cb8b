"""A pothole of a well-known citizen at the roads department, and a browser that may read it."""

from datetime import datetime

import pytest
import time_machine

from prestations.calendars import PARIS
from requests import actions
from requests.tracking import tracking_link
from tests.requests.filed import file_request

NOW = datetime(2026, 11, 4, 11, 0, tzinfo=PARIS)
EMAIL = "jeanne@courriel.example"


@pytest.fixture
def clock():
    """Wednesday 4 November 2026, 11:00 in Paris; `clock.move_to(…)` travels."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pothole(catalogue, clock):
    """Filed on 2 November on the web, routed to the roads department."""
    sr = file_request("voirie-intervention-rapide", place="rue Jean Mermoz")
    return actions.route_request(request_id=sr.pk, now=sr.arrived_at)


@pytest.fixture
def other(catalogue, clock):
    """Somebody else's request."""
    sr = file_request("voirie-graffitis", requester={"email": "autre@courriel.example"})
    return actions.route_request(request_id=sr.pk, now=sr.arrived_at)


@pytest.fixture
def anonymous(catalogue, clock):
    """A request without any name or address."""
    nobody = dict.fromkeys(("nom_famille", "prenom", "email", "adresse", "canal_reponse"))
    return file_request("voirie-graffitis", requester=nobody)


@pytest.fixture
def owner(client, pothole):
    """A browser that has looked the pothole up."""
    answer = client.post("/suivi/", {"reference": pothole.reference, "secret": EMAIL})
    assert answer.status_code == 302
    return client


@pytest.fixture
def address(pothole):
    """The tracking page's address."""
    return f"/demandes/{pothole.reference}/"


@pytest.fixture
def closed(pothole, expert, proximite_agent):
    """Treated and answered on 4 November."""
    actions.treat_request(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        conclusion="Rebouché",
        outcome="positive",
        now=NOW,
    )
    return actions.answer_request(
        request_id=pothole.pk,
        version=None,
        actor=proximite_agent,
        body="C'est réparé.",
        outcome="positive",
        now=NOW,
    )


def come_back(client, sr):
    """Days later the session is over; the mailed link opens the page again."""
    client.get(f"/suivi/lien/{tracking_link(sr).split('/')[-2]}/")
