"""Several departments on one request: who may do what, in which order, and until when."""

from datetime import date, datetime, timedelta

import pytest

from prestations.calendars import PARIS, town_calendar
from prestations.enums import Role
from prestations.models import Department
from requests import actions
from requests.actions.chasing import due_task_alerts, raise_task_alert
from requests.enums import AlertKind, Opinion, State, TaskEnd, TaskKind
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import ServiceRequest, Task
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.requests.actions.conftest import MONDAY

pytestmark = pytest.mark.django_db

PARKS, POLICE = "espaces-verts", "police-municipale"
FRIDAY = date(2026, 1, 16)


def ask(sr, actor, *codes, **more):
    given = {"kind": TaskKind.WORK, "asked": "Tailler la haie.", "due_on": FRIDAY, "now": MONDAY}
    departments = list(Department.objects.filter(pk__in=codes).order_by("pk"))
    return actions.ask_task(
        request_id=sr.pk, version=None, actor=actor, departments=departments, **(given | more)
    )


def on_task(action, task, actor, **more):
    return action(
        request_id=task.request_id,
        version=None,
        actor=actor,
        task=task.pk,
        **({"now": MONDAY} | more),
    )


def conclude(task, actor, **more):
    return on_task(actions.conclude_task, task, actor, conclusion="Haie taillée.", **more)


@pytest.fixture
def police(catalogue):
    return make_agent(Role.AGENT_EXPERT, first_name="Léa", last_name="Martin", department_id=POLICE)


def test_a_department_with_a_task_sees_the_request_and_only_then(pothole, expert, other_expert):
    visible = ServiceRequest.objects.visible_to(other_expert)
    assert pothole not in visible
    (task,) = ask(pothole, expert, PARKS)
    assert pothole in visible.all()
    assert pothole in visible.with_task_of([PARKS])
    conclude(task, other_expert)
    assert pothole in visible.all()  # it reads what became of it
    assert pothole not in visible.with_task_of([PARKS])
    pothole.refresh_from_db()
    assert (pothole.department_id, pothole.state) == ("voirie-assainissement", State.TRANSMISE)


@pytest.mark.parametrize("end", [actions.decline_task, actions.cancel_task])
def test_who_declines_or_is_dismissed_sees_it_no_more(pothole, expert, other_expert, end):
    (task,) = ask(pothole, expert, PARKS)
    by = other_expert if end is actions.decline_task else expert
    on_task(end, task, by, note="Hors de notre secteur.")
    assert pothole not in ServiceRequest.objects.visible_to(other_expert)


def test_departments_work_together_and_the_next_ones_after_them(
    pothole, proximite_agent, other_expert, police
):
    (parks,) = ask(pothole, proximite_agent, PARKS)
    (later,) = ask(pothole, proximite_agent, POLICE, after=True)
    assert later.started_at is None
    assert pothole not in ServiceRequest.objects.visible_to(police)
    with pytest.raises(ServiceRequest.DoesNotExist):
        conclude(later, police)
    conclude(parks, other_expert)
    later.refresh_from_db()
    assert later.started_at == MONDAY
    conclude(later, police)
    assert not Task.objects.filter(ended_at=None).exists()


def test_the_next_in_turn_begins_when_all_before_have_ended(
    pothole, supervisor, other_expert, police
):
    first, second = ask(pothole, supervisor, PARKS, POLICE)
    (last,) = ask(pothole, supervisor, "batiments", after=True)
    conclude(first, other_expert)
    last.refresh_from_db()
    assert last.started_at is None
    on_task(actions.decline_task, second, police, note="Pas de notre ressort.")
    last.refresh_from_db()
    assert last.started_at == MONDAY


def test_its_date_stands_under_the_citizens(pothole, expert):
    promised = pothole.due_at.astimezone(PARIS).date()
    with pytest.raises(MissingInput):
        ask(pothole, expert, PARKS, due_on=promised + timedelta(days=1))
    with pytest.raises(MissingInput):
        ask(pothole, expert, PARKS, due_on=MONDAY.date() - timedelta(days=1))
    (task,) = ask(pothole, expert, PARKS, due_on=promised)
    assert task.due_at <= pothole.due_at


def test_a_late_request_may_still_be_given_out(pothole, expert):
    late = pothole.due_at + timedelta(days=3)
    (task,) = ask(pothole, expert, PARKS, due_on=late.date() + timedelta(days=2), now=late)
    assert task.due_at > late


def test_no_department_is_asked_twice_nor_the_one_that_leads(pothole, expert):
    ask(pothole, expert, PARKS)
    for code in (PARKS, "voirie-assainissement"):
        with pytest.raises(IllegalTransition, match="déjà"):
            ask(pothole, expert, code)


def test_a_closed_department_and_an_empty_demand_are_refused(pothole, expert):
    Department.objects.filter(pk=PARKS).update(is_active=False)
    with pytest.raises(MissingInput, match="fermé"):
        ask(pothole, expert, PARKS)
    with pytest.raises(MissingInput):
        ask(pothole, expert, POLICE, asked="  ")
    with pytest.raises(MissingInput):
        ask(pothole, expert)


def test_only_its_own_department_acts_on_a_task(pothole, expert, other_expert, police):
    parks, _police = ask(pothole, expert, PARKS, POLICE)
    for verb in (actions.accept_task, actions.decline_task, actions.conclude_task):
        extra = {actions.decline_task: {"note": "Non."}, actions.conclude_task: {"conclusion": "x"}}
        with pytest.raises(NotAllowed):
            on_task(verb, parks, police, **extra.get(verb, {}))
    with pytest.raises(NotAllowed):
        ask(pothole, other_expert, "batiments")
    with pytest.raises(NotAllowed):
        on_task(actions.cancel_task, parks, other_expert)
    on_task(actions.accept_task, parks, other_expert)
    with pytest.raises(IllegalTransition):
        on_task(actions.accept_task, parks, other_expert)
    parks.refresh_from_db()
    assert parks.accepted_by == other_expert


def test_an_opinion_is_for_or_against(pothole, expert, other_expert):
    (task,) = ask(pothole, expert, PARKS, kind=TaskKind.OPINION)
    with pytest.raises(MissingInput, match="avis"):
        conclude(task, other_expert)
    conclude(task, other_expert, opinion=Opinion.RESERVED)
    task.refresh_from_db()
    assert (task.end, task.opinion) == (TaskEnd.DONE, Opinion.RESERVED)


def test_nothing_is_answered_while_a_department_works_on_it(pothole, expert, proximite_agent):
    (task,) = ask(pothole, expert, PARKS)
    actions.treat_request(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        conclusion="Rebouché.",
        outcome="positive",
        now=MONDAY,
    )

    def answer():
        actions.answer_request(
            request_id=pothole.pk,
            version=None,
            actor=proximite_agent,
            body="C’est fait.",
            outcome="positive",
            now=MONDAY,
        )

    with pytest.raises(IllegalTransition, match="retirez"):
        answer()
    on_task(actions.cancel_task, task, proximite_agent)
    answer()
    pothole.refresh_from_db()
    assert pothole.answered_at == MONDAY


def test_the_end_of_the_request_ends_its_tasks(pothole, expert, supervisor):
    (task,) = ask(pothole, expert, PARKS)
    actions.cancel_request(
        request_id=pothole.pk, version=None, actor=supervisor, reason="Essai.", now=MONDAY
    )
    task.refresh_from_db()
    assert (task.end, task.ended_at) == (TaskEnd.CANCELLED, MONDAY)


def kinds_due(now: datetime) -> set[str]:
    found = due_task_alerts(now=now, calendar=town_calendar(), limit=50)
    return {kind for _pk, kind, _about in found}


def test_departments_are_chased_for_what_they_owe(pothole, expert, other_expert):
    (task,) = ask(pothole, expert, PARKS)  # Monday 12 January, for Friday 16 at 17.30
    assert kinds_due(datetime(2026, 1, 13, 18, 0, tzinfo=PARIS)) == set()
    assert kinds_due(datetime(2026, 1, 14, 18, 0, tzinfo=PARIS)) == {AlertKind.TASK_UNANSWERED}
    on_task(actions.accept_task, task, other_expert)
    assert kinds_due(datetime(2026, 1, 14, 18, 0, tzinfo=PARIS)) == set()
    assert kinds_due(datetime(2026, 1, 15, 18, 0, tzinfo=PARIS)) == {AlertKind.TASK_SOON}
    assert kinds_due(datetime(2026, 1, 16, 18, 0, tzinfo=PARIS)) == {AlertKind.TASK_LATE}


def test_nobody_is_chased_while_the_citizen_owes_the_answer(pothole, expert, proximite_agent):
    ask(pothole, expert, PARKS)
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=proximite_agent, body="Où ?", now=MONDAY
    )
    assert kinds_due(datetime(2026, 1, 20, 18, 0, tzinfo=PARIS)) == set()


def wait_for_the_citizen(sr, agent, since: datetime, until: datetime) -> ServiceRequest:
    actions.ask_question(request_id=sr.pk, version=None, actor=agent, body="Où ?", now=since)
    return actions.receive_message(request_id=sr.pk, body="Devant le 12.", now=until)


def test_while_the_citizen_is_awaited_departments_lose_no_day(pothole, expert, eas_agent):
    (task,) = ask(pothole, expert, PARKS)  # for Friday 16; accepted or not by Wednesday 14
    back = datetime(2026, 1, 22, 10, tzinfo=PARIS)
    wait_for_the_citizen(pothole, eas_agent, MONDAY, back)
    task.refresh_from_db()
    # stopped for eight working days, 13 to 16 and 19 to 22
    assert task.due_at == datetime(2026, 1, 28, 17, 30, tzinfo=PARIS)
    assert task.answer_due_at == datetime(2026, 1, 26, 10, tzinfo=PARIS)
    assert kinds_due(back + timedelta(hours=8)) == set()
    assert kinds_due(datetime(2026, 1, 26, 18, tzinfo=PARIS)) == {AlertKind.TASK_UNANSWERED}
    assert AlertKind.TASK_LATE in kinds_due(datetime(2026, 1, 28, 18, tzinfo=PARIS))


def test_what_is_asked_while_the_citizen_is_awaited_moves_from_then_on(pothole, expert, eas_agent):
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    tuesday = datetime(2026, 1, 20, 10, tzinfo=PARIS)
    (task,) = ask(pothole, expert, PARKS, due_on=date(2026, 1, 23), now=tuesday)
    actions.receive_message(request_id=pothole.pk, body="Ici.", now=tuesday + timedelta(days=2))
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 1, 27, 17, 30, tzinfo=PARIS)


def test_a_date_moved_by_a_wait_stays_under_the_citizens(pothole, expert, eas_agent):
    # the citizen's: Sunday 12 April at 10, four days later after the wait; four working days
    # from Friday 10 at 17.30 would be Thursday 16 at 17.30
    (task,) = ask(pothole, expert, PARKS, due_on=date(2026, 4, 10))
    back = wait_for_the_citizen(pothole, eas_agent, MONDAY, MONDAY + timedelta(days=4))
    task.refresh_from_db()
    assert task.due_at == back.due_at == datetime(2026, 4, 16, 10, tzinfo=PARIS)


def test_lateness_told_before_a_wait_ends_with_it(pothole, expert, eas_agent):
    (task,) = ask(pothole, expert, PARKS)
    late = datetime(2026, 1, 16, 18, tzinfo=PARIS)
    for task_id, kind, about in due_task_alerts(now=late, calendar=town_calendar(), limit=9):
        raise_task_alert(task_id=task_id, kind=kind, about=about, now=late)
    assert task.alerts.filter(cleared_at=None).count() == 2
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=late
    )
    assert not task.alerts.filter(cleared_at=None).exists()


def test_an_earlier_target_brings_departments_under_it(pothole, expert, eas_agent):
    (task,) = ask(pothole, expert, PARKS)
    urgent = actions.set_urgent(
        request_id=pothole.pk, version=None, actor=eas_agent, urgent=True, now=MONDAY
    )
    task.refresh_from_db()
    assert task.due_at == urgent.due_at == MONDAY + timedelta(days=1)


def test_the_page_does_not_call_late_what_waits_for_the_citizen(pothole, expert, eas_agent):
    ask(pothole, expert, PARKS)
    page = f"/agent/demandes/{pothole.reference}/"
    assert "en retard</strong>" in text_of(expert, page)
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    assert "en retard</strong>" not in text_of(expert, page)


def text_of(user, page: str) -> str:
    return client_of(user, post=None).get(page).content.decode()
