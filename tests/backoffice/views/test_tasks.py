"""Other departments are mobilised from the page of a request, and give back their work there."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from massy_grc.common.text import fold
from prestations.calendars import PARIS
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
        department_1=PARKS,
        due_on_1=(timezone.localdate() + timedelta(days=5)).isoformat(),
    )
    assert done.status_code == 302, done.content.decode()
    return Task.objects.get()


def test_the_form_offers_every_other_open_department(front, transferred):
    page = front.get(url(transferred, "ask_task")).content.decode()
    assert 'value="espaces-verts"' in page
    assert 'value="voirie-assainissement"' not in page
    form = front.get(url(transferred, "ask_task")).context["form"]
    groups = dict(form["department_1"].field.choices)
    labels = [label for _code, label in groups["Autres services"]]
    assert labels == sorted(labels, key=fold)


def test_each_department_has_its_day_its_turn_and_its_words(front, transferred):
    """In one step: two at once, each by its own day, and a third after them; nobody twice."""
    transferred.due_at = timezone.now() + timedelta(days=20)
    transferred.save(update_fields=["due_at"])
    today = timezone.localdate()
    days = {number: today + timedelta(days=number) for number in (1, 2, 3)}
    rows = {f"due_on_{number}": day.isoformat() for number, day in days.items()}
    rows |= {"department_1": PARKS, "department_2": "police-municipale", "asked_2": "Verbaliser ?"}
    rows |= {"kind": TaskKind.WORK, "asked": "Passer voir."}
    twice = post(front, transferred, "ask_task", **rows, department_3=PARKS)
    assert "déjà choisi plus haut" in twice.content.decode()
    assert not Task.objects.exists()
    given = {**rows, "department_3": "batiments", "after_3": "on"}
    page = front.post(url(transferred, "ask_task"), with_version(transferred, given), follow=True)
    assert "Travail demandé à 3 services" in page.content.decode()
    told = [
        (one.department_id, one.asked, timezone.localdate(one.due_at), one.started_at is not None)
        for one in Task.objects.order_by("rank", "id")
    ]
    assert told == [
        (PARKS, "Passer voir.", days[1], True),
        ("police-municipale", "Verbaliser ?", days[2], True),
        ("batiments", "Passer voir.", days[3], False),
    ]


def with_version(sr, given):
    sr.refresh_from_db()
    return {"version": sr.version, "seen": sr.event_count, **given}


def test_an_opinion_goes_there_and_back(front, transferred, asked, other_expert, mails):
    told = [mail for mail in mails() if "sollicité" in mail.subject]
    assert [mail.to for mail in told] == [[other_expert.email]]
    assert "Cet arbre est-il malade" in told[0].body

    parks = client_of(other_expert, post=None)
    listed = parks.get("/agent/demandes/?vue=travaux").content.decode()
    assert transferred.reference in listed
    assert "Travail pour le" in listed  # its own day, not the citizen's
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
    assert "Le service Espaces verts n’a pas encore rendu" in waits.content.decode()
    barred = post(front, transferred, "answer", outcome="positive", template="", body="Oui.")
    assert "Le service Espaces verts n’a pas encore rendu" in barred.content.decode()
    parks = client_of(other_expert, post=None)
    given = {"task": asked.pk, "conclusion": "Arbre sain.", "opinion": "favourable"}
    post(parks, transferred, "conclude_task", **given)
    page = front.get(url(transferred, "answer")).content.decode()
    assert "Trou rebouché." in page
    assert "Arbre sain." in page


def test_who_sends_or_approves_a_conclusion_word_for_word_is_told_so(front, transferred, head):
    transferred.state, transferred.department_since = State.A_REPONDRE, None
    transferred.conclusion = "Coût 340 euros, marché BTX."
    transferred.save(update_fields=["state", "department_since", "conclusion"])
    inside = "Texte interne à relire"
    assert inside in front.get(url(transferred, "answer")).content.decode()
    given = {"outcome": "positive", "template": "", "step": "preview"}
    copied = post(front, transferred, "answer", **given, body="Voici : coût 340 euros.")
    assert inside not in copied.content.decode()
    copied = post(front, transferred, "answer", **given, body="Coût 340 euros,\nmarché BTX.")
    assert inside in copied.content.decode()
    transferred.prestation.approval = "engage une dépense"
    transferred.prestation.save(update_fields=["approval"])
    del given["step"]
    post(front, transferred, "answer", **given, body=transferred.conclusion)
    boss, decision = client_of(head), transferred.proposed_decisions.get()
    assert inside in boss.get(url(transferred)).content.decode()
    sign = boss.get(f"{url(transferred, 'sign')}?decision={decision.pk}").content.decode()
    assert inside in sign
    assert "La lettre porte le nom de qui l’a écrite" in sign


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


def test_the_day_proposed_to_a_department_is_a_working_day(front, transferred):
    with time_machine.travel(datetime(2026, 11, 30, 10, tzinfo=PARIS), tick=False):
        transferred.due_at = datetime(2026, 12, 20, 10, tzinfo=PARIS)
        transferred.save(update_fields=["due_at"])
        form = front.get(url(transferred, "ask_task")).context["form"]
        assert form["due_on_1"].value() == date(2026, 12, 4)  # the 5th is a Saturday
        transferred.due_at = datetime(2026, 12, 3, 10, tzinfo=PARIS)
        transferred.save(update_fields=["due_at"])
        form = front.get(url(transferred, "ask_task")).context["form"]
        assert form["due_on_1"].value() == date(2026, 12, 3)
