"""Departments that work on one request are chased each for its own work."""

from datetime import date, datetime

import pytest
import time_machine

from backoffice.actions.preferences import choose_alert_mail
from prestations.calendars import PARIS
from prestations.enums import AlertMail, Role
from prestations.models import Department
from requests import actions
from requests.enums import AlertKind, TaskKind
from requests.models import Alert
from requests.tasks import chase_deadlines
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

PARKS, POLICE = "espaces-verts", "police-municipale"
# working days of 2026: Monday 2 November to Friday 6, then 9 and 10; Wednesday 11 is a holiday
MONDAY = datetime(2026, 11, 2, 10, 30, tzinfo=PARIS)
WEDNESDAY = date(2026, 11, 4)
FRIDAY = date(2026, 11, 6)


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=PARIS)


def at(moment: datetime):
    return time_machine.travel(moment.timestamp(), tick=False)


@pytest.fixture
def parks(other_expert):
    choose_alert_mail(user=other_expert, choice=AlertMail.EACH)
    return other_expert


@pytest.fixture
def police(catalogue):
    person = make_agent(
        Role.AGENT_EXPERT, first_name="Léa", last_name="Martin", department_id=POLICE
    )
    choose_alert_mail(user=person, choice=AlertMail.EACH)
    return person


@pytest.fixture
def asker(eas_agent):
    choose_alert_mail(user=eas_agent, choice=AlertMail.EACH)
    return eas_agent


@pytest.fixture
def pothole(expert, asker, mails):
    """Filed on Monday; its own date is far."""
    with at(MONDAY):
        filed = file_request("voirie-intervention-rapide")
        mails()
        actions.take_request(request_id=filed.pk, version=None, actor=expert)
        mails()
    return filed


def ask(sr, actor, department: str, due_on: date, *, accepted_by=None):
    """Asked on Monday, and accepted there and then when `accepted_by` is given."""
    (task,) = actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=actor,
        departments=[Department.objects.get(pk=department)],
        kind=TaskKind.WORK,
        asked=f"Passer voir ({department}).",
        due_on=due_on,
        now=MONDAY,
    )
    if accepted_by:
        on_task(actions.accept_task, task, accepted_by)
    return task


def on_task(act, task, actor, **more):
    request_id = task.request_id
    return act(request_id=request_id, version=None, actor=actor, task=task.pk, now=MONDAY, **more)


@pytest.fixture
def chase(mails):
    """What beat does at a moment; returns who is written to about tasks, and with which words."""

    def runs(moment: datetime) -> dict[str, str]:
        with at(moment):
            mails()
            chase_deadlines()
            told = [one for one in mails() if "travail" in one.subject]
        return {one.to[0]: one.body for one in told}

    return runs


def test_one_department_late_is_told_and_not_the_other(pothole, asker, parks, police, chase):
    ask(pothole, asker, PARKS, WEDNESDAY, accepted_by=parks)
    ask(pothole, asker, POLICE, date(2026, 11, 12), accepted_by=police)
    told = chase(evening(WEDNESDAY))
    assert set(told) == {parks.email, asker.email}
    assert "Espaces verts, pour le mercredi 4 novembre 2026" in told[asker.email]
    assert f"Passer voir ({PARKS})." in told[parks.email]


def test_the_second_department_s_lateness_is_told_while_the_first_one_s_stands(
    pothole, asker, parks, police, chase
):
    ask(pothole, asker, PARKS, WEDNESDAY, accepted_by=parks)
    ask(pothole, asker, POLICE, FRIDAY, accepted_by=police)
    chase(evening(WEDNESDAY))
    told = chase(evening(FRIDAY))
    assert set(told) == {police.email, asker.email}
    assert "Police municipale" in told[asker.email]
    assert chase(evening(FRIDAY)) == {}
    standing = Alert.objects.filter(kind=AlertKind.TASK_LATE, cleared_at=None)
    assert sorted(standing.values_list("task__department", flat=True)) == [PARKS, POLICE]


def test_a_date_that_two_departments_share_is_told_to_both(pothole, asker, parks, police, chase):
    ask(pothole, asker, PARKS, WEDNESDAY, accepted_by=parks)
    ask(pothole, asker, POLICE, WEDNESDAY, accepted_by=police)
    with at(evening(date(2026, 11, 3))):
        chase_deadlines()
    soon = Alert.objects.filter(kind=AlertKind.TASK_SOON)
    assert sorted(soon.values_list("task__department", flat=True)) == [PARKS, POLICE]


def test_what_one_department_accepts_or_gives_back_says_nothing_of_the_other(
    pothole, asker, parks, police, chase
):
    first = ask(pothole, asker, PARKS, FRIDAY)
    second = ask(pothole, asker, POLICE, FRIDAY)
    assert set(chase(evening(WEDNESDAY))) == {parks.email, police.email}
    on_task(actions.accept_task, first, parks)
    standing = Alert.objects.filter(cleared_at=None, task__isnull=False)
    assert list(standing.values_list("task", "kind")) == [(second.pk, AlertKind.TASK_UNANSWERED)]
    on_task(actions.conclude_task, first, parks, conclusion="Vu.")
    assert standing.get().task == second


def test_the_request_s_page_marks_lateness_once_and_names_each_department(
    pothole, asker, parks, police, chase
):
    ask(pothole, asker, PARKS, WEDNESDAY, accepted_by=parks)
    ask(pothole, asker, POLICE, WEDNESDAY, accepted_by=police)
    chase(evening(WEDNESDAY))
    with at(evening(WEDNESDAY)):
        page = client_of(asker).get(f"/agent/demandes/{pothole.reference}/")
    assert len(page.context["alerts"]) == 1
    for label in ("Espaces verts", "Police municipale"):
        assert f"Travail d’un service en retard ({label})" in page.content.decode()
