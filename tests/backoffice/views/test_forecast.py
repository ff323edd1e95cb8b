"""What will be late within seven days if nothing moves, and the lists behind its numbers."""

from datetime import datetime, timedelta

import pytest
import time_machine

from backoffice.forecast import horizon
from prestations.calendars import PARIS
from requests import actions
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
# Wednesday 4 November 2026; the seventh day after is Wednesday 11
WEDNESDAY = datetime(2026, 11, 4, 10, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(WEDNESDAY.timestamp(), tick=False):
        yield


@pytest.fixture
def roads(expert):
    """Four potholes at the roads: late, due on Saturday, on the seventh evening, on the eighth."""
    made = []
    for due_at in (
        WEDNESDAY - timedelta(hours=1),
        WEDNESDAY + timedelta(days=3),
        datetime(2026, 11, 11, 23, 59, tzinfo=PARIS),
        datetime(2026, 11, 12, 0, 0, tzinfo=PARIS),
    ):
        filed = file_request("voirie-intervention-rapide")
        actions.route_request(request_id=filed.pk)
        ServiceRequest.objects.filter(pk=filed.pk).update(due_at=due_at)
        made.append(filed)
    actions.take_request(request_id=made[1].pk, version=None, actor=expert)
    return made


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (WEDNESDAY, datetime(2026, 11, 12, tzinfo=PARIS)),
        # on a Sunday as on other days
        (datetime(2026, 11, 8, 23, 59, tzinfo=PARIS), datetime(2026, 11, 16, tzinfo=PARIS)),
        # the night of 25 October has one hour more
        (datetime(2026, 10, 24, 12, tzinfo=PARIS), datetime(2026, 11, 1, tzinfo=PARIS)),
    ],
)
def test_it_looks_seven_days_ahead_whatever_the_day(now, ends):
    assert horizon(now) == ends


def test_head_reads_on_their_day_what_will_be_late_and_who_has_it(roads, head, expert):
    page = client_of(head).get("/agent/").content.decode()
    assert "En retard dans les 7 jours si rien ne bouge" in page
    assert "l’échéance tombe entre maintenant et la fin du mercredi 11 novembre" in page
    shown = client_of(head).get("/agent/").context["forecast"]
    assert shown.total.count == 2
    assert [(line.label, line.count) for line in shown.agents] == [
        (expert.list_name, 1),
        ("Sans chargé de dossier", 1),
    ]


def test_the_front_office_s_manager_reads_it_on_their_day_too(roads, supervisor):
    assert client_of(supervisor).get("/agent/").context["forecast"].total.count == 2


def test_each_number_opens_a_list_of_its_length(roads, supervisor):
    client = client_of(supervisor)
    shown = client.get("/pilotage/").context["forecast"]
    lines = [shown.total, *shown.departments, *shown.agents]
    assert [line.count for line in lines] == [2, 2, 1, 1]
    for line in lines:
        page = client.get(line.url).content.decode()
        found = [one.reference for one in roads if one.reference in page]
        assert len(found) == line.count


def test_what_waits_for_the_citizen_or_is_answered_is_not_at_risk(roads, supervisor, eas_agent):
    actions.ask_question(request_id=roads[1].pk, version=None, actor=eas_agent, body="Où ?")
    ServiceRequest.objects.filter(pk=roads[2].pk).update(answered_at=WEDNESDAY)
    assert client_of(supervisor).get("/pilotage/").context["forecast"].total.count == 0


def test_an_agent_without_people_to_lead_reads_no_forecast(roads, expert):
    assert client_of(expert).get("/agent/").context["forecast"] is None
