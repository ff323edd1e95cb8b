"""A right that ends between a form and its sending: nothing is done, and the words come back."""

import pytest
from django.utils.timezone import localdate

from prestations.enums import Role
from prestations.models import Department
from requests import actions
from requests.actions import problems
from requests.enums import State
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

WORDS = "Nous avons rebouché le trou <hier>."
SHOWN = "Nous avons rebouché le trou &lt;hier&gt;."


@pytest.fixture
def sr(eas_agent):
    return make_request(state=State.EN_COURS, assignee=eas_agent)


def sent(client, sr, **typed):
    """What comes of an answer whose form was opened while it was allowed."""
    url = f"{sr.get_absolute_url()}answer/"
    given = {"version": sr.version, "outcome": "positive", "body": WORDS, **typed}
    return client.post(url, given)


def nothing_was_done(sr) -> bool:
    events = sr.event_count
    sr.refresh_from_db()
    return sr.event_count == events and not sr.messages.exists()


@pytest.mark.parametrize("left", [None, Role.MANAGER, Role.AGENT_EXPERT])
def test_who_lost_the_role_meanwhile_gets_back_what_they_wrote(eas_agent, sr, left):
    client = client_of(eas_agent)
    assert client.get(f"{sr.get_absolute_url()}answer/").status_code == 200
    eas_agent.memberships.all().delete()
    if left:
        department = "espaces-verts" if left == Role.AGENT_EXPERT else None
        eas_agent.memberships.create(role=left, department_id=department)
    page = sent(client, sr)
    assert page.status_code == (404 if left == Role.AGENT_EXPERT else 403)
    assert SHOWN in page.content.decode()
    assert nothing_was_done(sr)


def test_who_did_it_in_another_window_is_told_so_and_reads_their_own_words_alone(sr):
    ServiceRequest.objects.filter(pk=sr.pk).update(department_id="voirie-assainissement")
    sr.refresh_from_db()
    given = {"asked": "Allez voir.", "kind": "work", "due_on": localdate(), "version": None}
    actions.ask_task(
        request_id=sr.pk,
        actor=sr.assignee,
        departments=[Department.objects.get(pk="espaces-verts")],
        **given,
    )
    gardener = client_of(
        make_agent(
            Role.AGENT_EXPERT, first_name="Zoé", last_name="Roux", department_id="espaces-verts"
        )
    )
    url = f"{sr.get_absolute_url()}conclude_task/"
    sr.refresh_from_db()
    page = gardener.get(f"{url}?task={sr.tasks.get().pk}")
    typed = {one.name: one.value() for one in page.context["form"]} | {
        "version": sr.version,
        "seen": sr.event_count,
        "shown": page.context["shown"].as_text,
        "conclusion": WORDS,
    }
    assert gardener.post(url, typed).status_code == 302
    again = gardener.post(url, typed)
    assert again.status_code == 403
    text = again.content.decode()
    assert "Cette action n’est plus à faire" in text
    assert SHOWN in text
    assert "{&quot;state" not in text
    assert sr.get_absolute_url() in text


def test_so_does_who_lost_it_on_a_page_of_no_request(proximite_agent, sr):
    client = client_of(proximite_agent)
    problem = problems.open_problem(actor=proximite_agent, title="Trous", requests=[sr.pk])
    url = f"/agent/problemes/{problem.pk}/repondre/"
    assert client.get(url).status_code == 200
    proximite_agent.memberships.all().delete()
    page = client.post(url, {"version": problem.version, "body": WORDS})
    assert page.status_code == 403
    assert SHOWN in page.content.decode()
    problem.refresh_from_db()
    assert problem.answered_at is None


def test_who_never_had_it_and_typed_nothing_reads_no_heading_of_words(manager, sr):
    page = client_of(manager).post("/agent/demandes/suivante/")
    assert page.status_code == 403
    assert "Ce que vous aviez écrit" not in page.content.decode()
