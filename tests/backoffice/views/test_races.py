"""Agents at the same instant: one wins, the others are told (R11)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from backoffice.actions.saved_views import save_view
from backoffice.models import SavedView
from massy_grc.users.models import User
from prestations.enums import Role
from requests.enums import State, Verb
from requests.models import RequestEvent
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent

AGENTS = 8
AT_ONCE = 50
WAITING = 40
STALE = 100


def agent(number: int) -> User:
    return make_agent(Role.AGENT_EAS, first_name="A", last_name=str(number))


@pytest.mark.django_db(transaction=True)
def test_one_of_eight_simultaneous_answers_wins():
    sr = make_request(state=State.EN_COURS)
    clients = [client_of(agent(number)) for number in range(AGENTS)]
    start = threading.Barrier(AGENTS)
    statuses = []

    def answer(client, number):
        start.wait()
        try:
            response = client.post(
                f"/agent/demandes/{sr.reference}/answer/",
                {
                    "version": sr.version,
                    "outcome": "positive",
                    "body": f"Brouillon {number}",
                    "close": "on",
                },
            )
            kept = f"Brouillon {number}" in response.content.decode()
            statuses.append((response.status_code, kept))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=(client, number))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [(302, False), *[(409, True)] * (AGENTS - 1)]
    assert sr.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hundred_stale_answers_are_refused_and_each_draft_is_kept():
    sr = make_request(state=State.EN_COURS)
    clients = [client_of(agent(number)) for number in range(AGENTS)]

    def answer(number):
        try:
            body = f"Brouillon numéro {number}."
            response = clients[number % AGENTS].post(
                f"/agent/demandes/{sr.reference}/answer/",
                {"version": sr.version, "outcome": "positive", "body": body, "close": "on"},
            )
            return response.status_code, body in response.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(AGENTS) as pool:
        results = list(pool.map(answer, range(STALE + 1)))
    assert sorted(results) == [(302, False), *[(409, True)] * STALE]
    assert sr.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_agents_who_take_one_request_one_has_it():
    sr = make_request(state=State.ENREGISTREE)
    agents = [agent(number) for number in range(AT_ONCE)]
    clients = [client_of(agent) for agent in agents]
    start = threading.Barrier(AT_ONCE)

    def take(client):
        try:
            start.wait()
            url = f"/agent/demandes/{sr.reference}/take/"
            return client.post(url, {"version": sr.version}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(take, clients))
    assert sorted(statuses) == [302, *[409] * (AT_ONCE - 1)]
    winner = agents[statuses.index(302)]
    assert list(sr.events.filter(verb=Verb.TAKE).values_list("actor", flat=True)) == [winner.pk]
    sr.refresh_from_db()
    assert sr.assignee == winner


@pytest.mark.django_db(transaction=True)
def test_fifty_agents_who_press_take_the_next_never_get_the_same():
    waiting = {make_request(state=State.EN_COURS).reference for _ in range(WAITING)}
    clients = [client_of(agent(number)) for number in range(AT_ONCE)]
    start = threading.Barrier(AT_ONCE)

    def take(client):
        try:
            start.wait()
            return client.post("/agent/demandes/suivante/").url.partition("?")[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        led = list(pool.map(take, clients))
    got = [url for url in led if url != "/agent/demandes/"]
    assert sorted(got) == sorted(f"/agent/demandes/{reference}/" for reference in waiting)
    taken = RequestEvent.objects.filter(verb=Verb.TAKE)
    assert taken.values("request").distinct().count() == taken.count() == WAITING


@pytest.mark.django_db(transaction=True)
def test_of_two_supervisors_who_set_the_view_a_role_opens_on_the_last_has_it(supervisor):
    leads = [supervisor, make_agent(Role.SUPERVISEUR, first_name="A", last_name="B")]
    start = threading.Barrier(len(leads))
    role = f"role:{Role.AGENT_EAS}"

    def share(lead):
        try:
            start.wait()
            query = "urgent=on&vue=ouvertes"
            return save_view(actor=lead, name="À ouvrir", query=query, group=role, opens=True).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(len(leads)) as pool:
        kept = list(pool.map(share, leads))
    assert SavedView.objects.filter(pk__in=kept).count() == len(leads)
    assert SavedView.objects.filter(opens=True).count() == 1
