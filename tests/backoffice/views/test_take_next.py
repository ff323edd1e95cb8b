"""« Prendre la suivante »: what is due first among what nobody has, at one's own places."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.enums import Role
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_neighbours import way
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

URL = "/agent/demandes/suivante/"
QUEUE = "/agent/demandes/"
ROADS = "voirie-assainissement"


def due(days: int, **fields):
    return make_request(
        state=fields.pop("state", State.EN_COURS),
        due_at=timezone.now() + timedelta(days=days),
        **fields,
    )


def test_the_button_of_the_queue_gives_what_is_due_first_of_what_nobody_has(eas_agent, supervisor):
    due(1, assignee=supervisor, front_agent=supervisor)
    due(2, state=State.ATTENTE_PIECES, paused_at=timezone.now())
    later, first = due(4), due(3)
    agent = client_of(eas_agent)
    assert f'action="{URL}"' in agent.get(QUEUE).content.decode()
    page = agent.post(URL, follow=True)
    assert page.context["sr"] == first
    assert page.context["list_url"] == f"{QUEUE}?vue=a-prendre"
    assert f"Vous prenez en charge la demande {first.reference}." in page.content.decode()
    first.refresh_from_db()
    assert (first.assignee, first.front_agent) == (eas_agent, eas_agent)
    assert agent.post(URL, follow=True).context["sr"] == later
    page = agent.post(URL, follow=True).content.decode()
    assert "la demande qui reste attend le demandeur" in page
    # of a list that is shown, the next one is taken and its neighbours are those of the list
    due(1)
    urgent, last = due(2, urgent=True), due(3, urgent=True)
    shown = agent.get(QUEUE, {"vue": "a-prendre", "urgent": "on"}).content.decode()
    button = re.findall(rf'action="({URL}[^"]+)"', shown)[0]
    page = agent.post(button, follow=True)
    assert page.context["sr"] == urgent
    assert agent.get(way(page.text, "j"), follow=True).context["sr"] == last
    agent.post(button)
    assert "Aucune demande de cette liste" in agent.post(button, follow=True).content.decode()


def test_when_nothing_waits_the_queue_says_so(eas_agent):
    page = client_of(eas_agent).post(URL, follow=True)
    assert page.redirect_chain == [(QUEUE, 302)]
    assert "Aucune demande n’attend d’être prise en charge." in page.content.decode()


def test_an_expert_gets_what_their_department_holds(expert):
    due(1)  # of the front office
    due(2, department_id="espaces-verts", department_since=timezone.now(), state=State.TRANSMISE)
    ours = due(3, department_id=ROADS, department_since=timezone.now(), state=State.TRANSMISE)
    roads = client_of(expert)
    assert roads.post(URL, follow=True).context["sr"] == ours
    assert roads.post(URL).url == QUEUE


def test_a_front_office_agent_gets_what_their_team_has(catalogue):
    of_proximite = due(1)
    type(of_proximite).objects.update(team="proximite")
    eas = make_agent(Role.AGENT_EAS, first_name="Zoé", last_name="Nord", team_id="eas")
    of_eas = due(2, team_id="eas")
    assert client_of(eas).get(f"{QUEUE}?vue=a-prendre").context["table"].rows[0].record == of_eas
    assert client_of(eas).post(URL, follow=True).context["sr"] == of_eas


def test_who_only_reads_figures_is_offered_nothing(manager):
    reader = client_of(manager)
    assert URL not in reader.get(QUEUE).content.decode()
    assert reader.post(URL).status_code == 403
