"""Two agents at the same instant: one wins, the other is told (R11)."""

import threading

import pytest
from django.db import connection

from prestations.enums import Role
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent

AGENTS = 8


@pytest.mark.django_db(transaction=True)
def test_one_of_eight_simultaneous_answers_wins():
    sr = make_request(state=State.EN_COURS)
    clients = [
        client_of(make_agent(Role.AGENT_EAS, first_name="A", last_name=str(number)))
        for number in range(AGENTS)
    ]
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
