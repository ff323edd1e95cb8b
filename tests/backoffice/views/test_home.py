"""The first page of a day: whose each number is, and a department's own dates first (S55)."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine

from prestations.calendars import PARIS
from requests import actions
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
# Wednesday 4 November 2026
NOW = datetime(2026, 11, 4, 10, tzinfo=PARIS)
QUEUE = "/agent/demandes/"


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW.timestamp(), tick=False):
        yield


def held(returned_in: timedelta, answered_in: timedelta = timedelta(days=20)) -> ServiceRequest:
    """A pothole that the roads owe a conclusion on, and the town an answer."""
    sr = file_request("voirie-intervention-rapide")
    actions.route_request(request_id=sr.pk)
    dates = {"department_due_at": NOW + returned_in, "due_at": NOW + answered_in}
    ServiceRequest.objects.filter(pk=sr.pk).update(**dates)
    return sr


def tiles_of(browser) -> dict[str, str]:
    shown = browser.get("/agent/").context
    return {one["slug"]: one["count"] for one in [*shown["own_tiles"], *shown["shared_tiles"]]}


def listed(browser, view: str) -> list[str]:
    return [row.reference for row in browser.get(QUEUE, {"vue": view}).context["page"].rows]


def test_a_head_reads_first_what_the_department_owes_by_its_own_agreement(head):
    later = held(timedelta(days=9), answered_in=timedelta(days=10))
    soon, late = held(timedelta(days=6)), held(timedelta(days=-3))
    browser = client_of(head)
    tiles = tiles_of(browser)
    assert [tiles[slug] for slug in ("retours-en-retard", "retours-sept-jours")] == ["1", "1"]
    assert tiles["en-retard"] == "0"
    assert listed(browser, "retours-en-retard") == [late.reference]
    assert listed(browser, "retours-sept-jours") == [soon.reference]
    page = browser.get("/agent/")
    order = [item["sr"].reference for item in page.context["first"]]
    assert order == [late.reference, soon.reference, later.reference]
    assert page.context["due"] == {"late": 1, "today": 0}
    words = page.content.decode()
    assert "Retour en retard de 3 j" in words
    assert "Retour le 10/11" in words


def test_what_is_given_back_or_waits_for_the_citizen_is_no_late_return(head, expert, eas_agent):
    treated, asked = held(timedelta(days=-3)), held(timedelta(days=-3))
    actions.treat_request(
        request_id=treated.pk,
        version=None,
        actor=expert,
        conclusion="Rebouché.",
        outcome="positive",
    )
    actions.ask_question(request_id=asked.pk, version=None, actor=eas_agent, body="Où ?")
    assert tiles_of(client_of(head))["retours-en-retard"] == "0"


def test_waiting_for_a_third_party_does_not_stop_the_department_s_clock(head, expert):
    sr = held(timedelta(days=-3))
    actions.wait_third_party(request_id=sr.pk, version=None, actor=expert)
    assert listed(client_of(head), "retours-en-retard") == [sr.reference]


def test_the_front_office_s_manager_reads_every_department_s_late_returns(supervisor, head):
    sr = held(timedelta(days=-3))
    assert listed(client_of(supervisor), "retours-en-retard") == [sr.reference]


def test_the_citizen_s_date_orders_what_the_front_office_follows(eas_agent):
    for days in (5, 3):
        sr = held(timedelta(days=-days), answered_in=timedelta(days=30 - days))
        ServiceRequest.objects.filter(pk=sr.pk).update(front_agent=eas_agent)
    shown = client_of(eas_agent).get("/agent/").context
    dates = [item["sr"].due_at for item in shown["first"]]
    assert dates == [NOW + timedelta(days=25), NOW + timedelta(days=27)]
    assert shown["due"] == {"today": 0, "late": 0}


def test_whose_each_number_is_stands_above_it(front, eas_agent, head):
    mine, other = held(timedelta(days=9)), held(timedelta(days=9))
    ServiceRequest.objects.filter(pk=mine.pk).update(front_agent=eas_agent)
    ServiceRequest.objects.filter(pk__in=[mine.pk, other.pk]).update(due_at=NOW - timedelta(days=1))
    page = front.get("/agent/")
    own, shared = (
        {one["slug"]: one["count"] for one in page.context[kind]}
        for kind in ("own_tiles", "shared_tiles")
    )
    assert (own["mes-demandes"], shared["en-retard"]) == ("1", "2")
    words = re.sub(r"<[^>]+>", " ", page.content.decode())
    assert words.index("Pour vous") < words.index("Pour tout l’accueil")
    assert "1 est en retard." in words
    assert "Pour tout votre service" in client_of(head).get("/agent/").content.decode()
