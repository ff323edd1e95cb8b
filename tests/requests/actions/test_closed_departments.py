"""A department closes while it holds requests, or owes work on those of others."""

from datetime import date, timedelta

import pytest

from backoffice.timeline import timeline_of
from prestations.models import Department
from requests import actions
from requests.enums import AlertKind, State, TaskEnd, TaskKind, Verb
from requests.models import Alert
from requests.tasks import check_routing
from tests.requests.actions.conftest import MONDAY
from tests.requests.actions.support import ask_one_piece

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

ROADS, PARKS, POLICE = "voirie-assainissement", "espaces-verts", "police-municipale"


def close(*codes: str) -> None:
    Department.objects.filter(pk__in=codes).update(is_active=False)


def ask(sr, actor, *codes, after=False):
    return actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=actor,
        departments=list(Department.objects.filter(pk__in=codes).order_by("pk")),
        kind=TaskKind.WORK,
        asked="Tailler la haie.",
        due_on=date(2026, 1, 16),
        after=after,
        now=MONDAY,
    )


def conclude(task, actor):
    return actions.conclude_task(
        request_id=task.request_id,
        version=None,
        actor=actor,
        task=task.pk,
        conclusion="Fait.",
        now=MONDAY,
    )


def test_what_waits_for_a_third_party_comes_back_and_goes_on_waiting(pothole, expert, supervisor):
    actions.wait_third_party(request_id=pothole.pk, version=None, actor=expert, now=MONDAY)
    close(ROADS)
    assert check_routing()["recalled"] == 1
    assert check_routing()["recalled"] == 0
    pothole.refresh_from_db()
    assert (pothole.state, pothole.department, pothole.assignee) == (
        State.ATTENTE_TIERS,
        None,
        supervisor,
    )
    assert Alert.objects.filter(request=pothole, kind=AlertKind.MISROUTED).exists()
    resumed = actions.resume_request(request_id=pothole.pk, version=None, actor=supervisor)
    assert resumed.state == State.EN_COURS


def test_what_waits_for_the_citizen_comes_back_with_its_clock_stopped(pothole, expert, supervisor):
    asked = ask_one_piece(pothole, expert, MONDAY)
    close(ROADS)
    assert check_routing()["recalled"] == 1
    pothole.refresh_from_db()
    assert (pothole.state, pothole.paused_at) == (State.ATTENTE_PIECES, MONDAY)
    assert pothole.assignee == supervisor
    back = actions.supply(
        request_id=pothole.pk,
        received_pieces=[asked.pieces.get().pk],
        now=MONDAY + timedelta(days=2),
    )
    assert (back.state, back.due_at) == (State.EN_COURS, pothole.due_at + timedelta(days=2))


def test_what_an_open_department_holds_stays_there(pothole, expert):
    actions.wait_third_party(request_id=pothole.pk, version=None, actor=expert, now=MONDAY)
    close(PARKS)
    assert check_routing()["recalled"] == 0
    assert actions.recall_request(request_id=pothole.pk) is None
    pothole.refresh_from_db()
    assert pothole.department_id == ROADS


def test_its_work_is_withdrawn_and_who_asked_is_told_once(
    pothole, expert, eas_agent, other_expert, mails
):
    (task,) = ask(pothole, eas_agent, PARKS)
    mails()
    close(PARKS)
    assert check_routing()["withdrawn"] == 1
    assert check_routing()["withdrawn"] == 0
    task.refresh_from_db()
    assert (task.end, task.ended_by) == (TaskEnd.CANCELLED, None)
    told = [one for one in mails() if "est fermé" in one.subject]
    assert eas_agent.email in {one.to[0] for one in told}
    assert other_expert.email not in {one.to[0] for one in told}
    assert all("Tailler la haie." in one.body for one in told)
    words = "\n".join(item.words for item in timeline_of(pothole))
    assert "Travail retiré\u00a0: Espaces verts. Ce service a fermé" in words


def test_its_work_bars_the_answer_no_longer(pothole, expert, proximite_agent):
    ask(pothole, expert, PARKS)
    actions.treat_request(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        conclusion="Rebouché.",
        outcome="positive",
        now=MONDAY,
    )
    close(PARKS)
    check_routing()
    answered = actions.answer_request(
        request_id=pothole.pk,
        version=None,
        actor=proximite_agent,
        body="C’est fait.",
        outcome="positive",
        now=MONDAY,
    )
    assert answered.answered_at == MONDAY


def test_those_behind_it_begin_and_are_told(pothole, expert, other_expert, mails):
    (first,) = ask(pothole, expert, POLICE)
    (second,) = ask(pothole, expert, PARKS, after=True)
    mails()
    close(POLICE)
    check_routing()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.end, second.is_open) == (TaskEnd.CANCELLED, True)
    told = [one for one in mails() if "sollicité" in one.subject]
    assert [one.to for one in told] == [[other_expert.email]]


def test_no_turn_begins_in_a_closed_department(pothole, expert, other_expert):
    (first,) = ask(pothole, expert, PARKS)
    (second,) = ask(pothole, expert, POLICE, after=True)
    (third,) = ask(pothole, expert, "batiments", after=True)
    assert third.rank > second.rank > first.rank
    close(POLICE)
    conclude(first, other_expert)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.end, second.started_at) == (TaskEnd.CANCELLED, None)
    assert third.started_at == MONDAY
    ends = pothole.events.filter(verb__in=[Verb.CONCLUDE_TASK, Verb.CANCEL_TASK])
    assert [event.data["started"] for event in ends.order_by("number")] == [[third.pk], []]


def test_a_request_that_is_over_meanwhile_is_left_alone(pothole, expert, supervisor):
    ask(pothole, expert, PARKS)
    close(PARKS, ROADS)
    actions.cancel_request(
        request_id=pothole.pk, version=None, actor=supervisor, reason="Essai.", now=MONDAY
    )
    count = pothole.events.count()
    done = check_routing()
    assert (done["recalled"], done["withdrawn"]) == (0, 0)
    assert pothole.events.count() == count
