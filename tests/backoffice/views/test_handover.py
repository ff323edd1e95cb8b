"""The files of somebody who leaves or moves: to a colleague, or back to the team."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prestations.enums import Role
from requests.actions import promise_call_back
from requests.actions.problems import open_problem
from requests.enums import State, Verb
from tests.backoffice.conftest import client_of
from tests.factories.prestations import MembershipFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator):
    return client_of(administrator, post=None)


@pytest.fixture
def colleague(catalogue):
    return make_agent(Role.AGENT_EAS, first_name="Léa", last_name="Colin")


@pytest.fixture
def mine(eas_agent):
    """An open request that the leaver answers for alone."""
    return make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)


def page_of(person) -> str:
    return f"/agent/parametrage/agents/{person.pk}/confier/"


def test_files_go_to_a_colleague_with_an_event_each(
    admin, administrator, eas_agent, colleague, mine
):
    other = make_request(state=State.EN_COURS, front_agent=eas_agent)
    data = {"files": [mine.reference, other.reference], "successor": colleague.pk}
    page = admin.post(page_of(eas_agent), data).content.decode()
    assert "2 demandes confiées" in page
    for sr in (mine, other):
        sr.refresh_from_db()
        assert sr.front_agent == colleague
        event = sr.events.get(verb=Verb.ASSIGN)
        assert event.actor == administrator
        assert event.data == {"assignee": colleague.pk, "from": eas_agent.pk}
    assert mine.assignee == colleague
    assert other.assignee is None  # the leaver was its interlocutor only


def test_files_go_back_to_the_team_and_the_timeline_says_so(admin, eas_agent, front, mine):
    admin.post(page_of(eas_agent), {"files": [mine.reference], "successor": ""})
    mine.refresh_from_db()
    assert mine.assignee is None
    assert mine.front_agent is None
    assert "Dossier remis à l’équipe" in front.get(mine.get_absolute_url()).content.decode()


def test_promised_calls_and_problems_go_with_the_files(
    admin, proximite_agent, supervisor, proximite_head, mine
):
    """To a colleague who may; a problem goes to nobody otherwise, a call stays until one may."""
    problem = open_problem(actor=proximite_agent, title="Trous", requests=[mine.pk])
    call = promise_call_back(
        request_id=mine.pk,
        actor=proximite_agent,
        owner=proximite_agent,
        slot=None,
        phone="+33612345678",
    )
    mine.front_agent = mine.assignee = None
    mine.save()
    page = page_of(proximite_agent)
    assert "1 rappel promis" in admin.get(page).content.decode()

    def owners():
        for row in (call, problem):
            row.refresh_from_db()
        return call.owner, problem.owner

    admin.post(page, {"successor": proximite_head.pk})
    assert owners() == (proximite_head, proximite_head)
    assert call.reminded_at is None
    page = page_of(proximite_head)
    assert "1 rappel promis confié" not in admin.post(page, {"successor": ""}).content.decode()
    assert owners() == (proximite_head, None)
    MembershipFactory(user=supervisor, role=Role.SUPERVISEUR, team_id="proximite")
    assert (
        "1 rappel promis confié" in admin.post(page, {"successor": supervisor.pk}).content.decode()
    )
    assert owners() == (supervisor, None)


def test_only_ticked_files_are_handed_over(admin, eas_agent, colleague, mine):
    kept = make_request(state=State.EN_COURS, front_agent=eas_agent)
    admin.post(page_of(eas_agent), {"files": [mine.reference], "successor": colleague.pk})
    kept.refresh_from_db()
    assert kept.front_agent == eas_agent


def test_a_refusal_is_explained_and_holds_up_no_other(admin, expert, eas_agent, mine):
    """A department's agent of the same request cannot become the citizen's interlocutor."""
    mine.department_id = "voirie-assainissement"
    mine.save(update_fields=["department"])
    held = make_request(
        state=State.TRANSMISE,
        department_id="voirie-assainissement",
        department_since=mine.arrived_at,
        assignee=eas_agent,
    )
    data = {"files": [mine.reference, held.reference], "successor": expert.pk}
    page = admin.post(page_of(eas_agent), data).content.decode()
    assert "1 demande confiée" in page
    assert "Cette personne ne travaille pas à l&#x27;accueil." in page
    held.refresh_from_db()
    mine.refresh_from_db()
    assert held.assignee == expert
    assert mine.assignee == eas_agent


def test_files_in_another_name_are_left_alone(admin, eas_agent, colleague, other_expert):
    foreign = make_request(state=State.EN_COURS, front_agent=other_expert)
    data = {"files": [foreign.reference], "successor": colleague.pk}
    assert "Rien à confier" in admin.post(page_of(eas_agent), data).content.decode()
    foreign.refresh_from_db()
    assert foreign.front_agent == other_expert


def test_a_colleague_of_another_place_is_not_offered(admin, eas_agent, other_expert, mine):
    page = admin.get(page_of(eas_agent)).content.decode()
    assert other_expert.last_name not in page
    data = {"files": [mine.reference], "successor": other_expert.pk}
    admin.post(page_of(eas_agent), data)
    mine.refresh_from_db()
    assert mine.assignee == eas_agent


def test_a_closed_account_can_be_handed_over_and_its_page_offers_it(
    admin, eas_agent, colleague, mine
):
    admin.post(f"/agent/parametrage/agents/{eas_agent.pk}/fermer/")
    detail = admin.get(f"/agent/parametrage/agents/{eas_agent.pk}/").content.decode()
    assert page_of(eas_agent) in detail
    admin.post(page_of(eas_agent), {"files": [mine.reference], "successor": colleague.pk})
    assert "Aucune demande à son nom" in admin.get(page_of(eas_agent)).content.decode()


def test_the_page_names_no_subject_and_opens_for_administrators_only(admin, front, eas_agent, mine):
    assert mine.subject not in admin.get(page_of(eas_agent)).content.decode()
    assert front.get(page_of(eas_agent)).status_code == 403


def test_many_files_cost_no_more_queries_to_show(admin, eas_agent, mine):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            admin.get(page_of(eas_agent))
        return len(seen)

    queries()
    one = queries()
    for _ in range(3):
        make_request(state=State.EN_COURS, front_agent=eas_agent)
    assert queries() == one
