"""Other departments are mobilised from the page of a request, and give back their work there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests.enums import State, TaskEnd, TaskKind
from requests.models import Task
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

PARKS = "espaces-verts"


def post(client, sr, act, **given):
    sr.refresh_from_db()
    seen = {"version": sr.version, "seen": sr.event_count}
    return client.post(url(sr, act), seen | given)


@pytest.fixture
def asked(front, transferred):
    """The roads have the request, the parks are asked for an opinion."""
    transferred.due_at = timezone.now() + timedelta(days=20)
    transferred.save(update_fields=["due_at"])
    done = post(
        front,
        transferred,
        "ask_task",
        kind=TaskKind.OPINION,
        asked="Cet arbre est-il malade ?",
        departments=[PARKS],
        due_on=(timezone.localdate() + timedelta(days=5)).isoformat(),
    )
    assert done.status_code == 302, done.content.decode()
    return Task.objects.get()


def test_the_form_offers_every_other_open_department(front, transferred):
    page = front.get(url(transferred, "ask_task")).content.decode()
    assert 'value="espaces-verts"' in page
    assert 'value="voirie-assainissement"' not in page
    assert 'name="departments" value=""' not in page


def test_an_opinion_goes_there_and_back(front, transferred, asked, other_expert, mails):
    told = [mail for mail in mails() if "sollicité" in mail.subject]
    assert [mail.to for mail in told] == [[other_expert.email]]
    assert "Cet arbre est-il malade" in told[0].body

    parks = client_of(other_expert, post=None)
    listed = parks.get("/agent/demandes/?vue=travaux").content.decode()
    assert transferred.reference in listed
    page = parks.get(url(transferred)).content.decode()
    assert "Cet arbre est-il malade" in page
    assert f"conclude_task/?task={asked.pk}" in page
    assert post(parks, transferred, "accept_task", task=asked.pk).status_code == 302
    form = parks.get(url(transferred, "conclude_task"), {"task": asked.pk}).content.decode()
    assert "Avis défavorable" in form
    refused = post(parks, transferred, "conclude_task", task=asked.pk, conclusion="Malade.")
    assert refused.status_code == 200  # which opinion is it?
    done = post(
        parks,
        transferred,
        "conclude_task",
        task=asked.pk,
        conclusion="Malade, à abattre.",
        opinion="unfavourable",
    )
    assert done.status_code == 302
    drain_outbox()
    page = front.get(url(transferred)).content.decode()
    assert "Avis défavorable" in page
    assert "Malade, à abattre." in page
    assert "Travail rendu" in page


def test_who_asked_learns_that_a_department_declines(
    front, eas_agent, transferred, asked, other_expert, mails
):
    mails()
    parks = client_of(other_expert, post=None)
    assert post(parks, transferred, "decline_task", task=asked.pk, note="Arbre privé.")
    (told,) = [mail for mail in mails() if "refuse le travail" in mail.subject]
    assert told.to == [eas_agent.email]
    assert "Arbre privé." in told.body
    assert parks.get(url(transferred)).status_code == 404


def test_the_answer_waits_for_the_department_and_is_drafted_from_its_work(
    front, transferred, asked, other_expert
):
    transferred.state, transferred.department_since = State.A_REPONDRE, None
    transferred.conclusion = "Trou rebouché."
    transferred.save(update_fields=["state", "department_since", "conclusion"])
    assert "retirez d’abord ce travail" in front.get(url(transferred)).content.decode()
    waits = front.get(url(transferred, "answer"))
    assert waits.status_code == 409
    assert "retirez d’abord ce travail" in waits.content.decode()
    parks = client_of(other_expert, post=None)
    given = {"task": asked.pk, "conclusion": "Arbre sain.", "opinion": "favourable"}
    post(parks, transferred, "conclude_task", **given)
    page = front.get(url(transferred, "answer")).content.decode()
    assert "Trou rebouché." in page
    assert "Arbre sain." in page


def test_a_task_is_taken_back(front, transferred, asked, other_expert, mails):
    mails()
    assert post(front, transferred, "cancel_task", task=asked.pk).status_code == 302
    asked.refresh_from_db()
    assert asked.end == TaskEnd.CANCELLED
    assert [mail.to for mail in mails()] == [[other_expert.email]]


@pytest.mark.parametrize("number", ["", "0", "999999", "9" * 40, "x"])
def test_a_task_of_another_request_is_none_of_this_one(front, transferred, asked, number):
    answer = post(front, transferred, "cancel_task", task=number)
    assert answer.status_code == 200
    asked.refresh_from_db()
    assert asked.end == ""
