"""What each view of the queue and the home page hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.calendars import midnight
from requests import actions
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_neighbours import way
from tests.factories.requests import make_request

URL = "/agent/demandes/"
VOIRIE = "voirie-assainissement"

pytestmark = pytest.mark.django_db


def references(browser, view: str) -> list[str]:
    page = browser.get(URL, {"vue": view}).context["page"]
    return [row.reference for row in page.rows]


def test_a_citizens_message_waits_in_its_view_until_an_agent_acts(front, eas_agent):
    sr = make_request(state=State.EN_COURS)
    make_request(state=State.EN_COURS)
    actions.receive_message(request_id=sr.pk, body="Et alors ?")
    assert references(front, "messages") == [sr.reference]
    assert "Nouveau message" in front.get(URL, {"vue": "messages"}).content.decode()
    assert "Nouveau message" in front.get(URL, {"vue": "ouvertes"}).content.decode()
    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Rappelée.")
    assert references(front, "messages") == []


def test_new_messages_are_counted_on_the_home_page(front):
    sr = make_request(state=State.EN_COURS)
    actions.receive_message(request_id=sr.pk, body="Et alors ?")
    shown = front.get("/agent/").context
    tiles = [*shown["own_tiles"], *shown["shared_tiles"]]
    assert [tile["count"] for tile in tiles if tile["url"].endswith("vue=messages")] == ["1"]


def test_what_the_front_office_holds_is_not_for_the_department_to_take(expert_browser):
    theirs = make_request(
        department_id=VOIRIE, department_since=timezone.now(), state=State.TRANSMISE
    )
    make_request(department_id=VOIRIE, department_since=None, state=State.EN_COURS)
    assert references(expert_browser, "a-prendre") == [theirs.reference]


def test_documents_to_collect_have_a_view_of_their_own(front, eas_agent):
    work = make_request(state=State.EN_COURS, assignee=eas_agent)
    ready = make_request(state=State.A_RETIRER, assignee=eas_agent, days_ago=90)
    for view in ("mes-demandes", "ouvertes", "mon-service"):
        assert references(front, view) == [work.reference]
    assert references(front, "a-retirer") == [ready.reference]


def test_home_counts_all_that_is_late_and_all_that_is_due_today(front, eas_agent):
    evening = midnight(timezone.localdate() + timedelta(days=1)) - timedelta(microseconds=1)
    for due in 12 * [timezone.now() - timedelta(days=1)] + 3 * [evening]:
        make_request(state=State.EN_COURS, assignee=eas_agent, due_at=due)
    assert front.get("/agent/").context["due"] == {"late": 12, "today": 3}


def test_head_reads_the_late_ones_of_the_department(head, expert):
    make_request(
        state=State.TRANSMISE,
        department_id=VOIRIE,
        department_since=timezone.now(),
        assignee=expert,
        due_at=timezone.now() - timedelta(days=1),
    )
    assert client_of(head, post=None).get("/agent/").context["due"] == {"late": 1, "today": 0}


def test_an_urgent_one_that_nobody_has_taken_comes_first_to_its_department(expert_browser, expert):
    moved = {"department_id": VOIRIE, "department_since": timezone.now()}
    urgent = make_request(state=State.TRANSMISE, urgent=True, **moved)
    make_request(state=State.TRANSMISE, urgent=False, **moved)
    make_request(state=State.EN_COURS, urgent=True, department_id=VOIRIE, department_since=None)
    first = expert_browser.get("/agent/").context["first"]
    assert [item["sr"].pk for item in first] == [urgent.pk]


def test_mine_tells_what_is_followed_from_what_is_treated(front, eas_agent, expert):
    make_request(state=State.TRANSMISE, assignee=expert, front_agent=eas_agent)
    assert "suivie par vous" in front.get(URL, {"vue": "mes-demandes"}).content.decode()


def test_supervisor_finds_on_the_home_page_what_waits_for_them(supervisor, eas_agent):
    """What is late, the latest first, answers that nobody has to send, refusals to sign."""
    past = timezone.now() - timedelta(days=1)
    late = make_request(state=State.EN_COURS, team_id="eas", assignee=eas_agent, due_at=past)
    unsent = make_request(state=State.A_REPONDRE, team_id="eas")
    refusal = make_request(state=State.A_VALIDER, team_id="proximite")
    refusal.proposed_decisions.create(author=eas_agent, proposed_at=timezone.now(), verb="answer")
    latest = make_request(
        state=State.EN_COURS, team_id="proximite", due_at=past - timedelta(days=45)
    )
    make_request(state=State.A_REPONDRE, team_id="eas", front_agent=eas_agent)
    page = client_of(supervisor).get("/agent/")
    order = [item["sr"].pk for item in page.context["first"]]
    assert order[:2] == [latest.pk, late.pk]
    assert set(order[2:]) == {unsent.pk, refusal.pk}
    opened = client_of(supervisor).get(page.context["first"][0]["url"])
    following = client_of(supervisor).get(way(opened.text, "j"), follow=True)
    assert following.context["sr"] == late
    assert way(following.text, "l") == f"{URL}?vue=a-traiter"
    tiles = {tile["slug"]: tile["count"] for tile in page.context["shared_tiles"]}
    assert tiles["a-signer"] == "1"
    assert (tiles["en-retard"], page.context["due"]["late"]) == ("2", 2)
