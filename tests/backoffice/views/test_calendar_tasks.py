"""A closure and the departments at work: they have as many days left as before."""

from datetime import date, datetime, timedelta

import pytest

from prestations.calendars import PARIS
from prestations.models import Department
from requests import actions
from requests.enums import TaskKind, Verb
from requests.models import Recalculation, ServiceRequest, Task
from requests.recalculation import moves
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_calendar import (
    BRIDGE,
    CERTIFICATE,
    MONDAY,
    URL,
    certificate,
    monday,
    posted,
)
from tests.requests.filed import file_request

__all__ = ["certificate", "monday"]

pytestmark = pytest.mark.django_db


def ask(service_request, actor, due_on: date, department: str = "voirie-assainissement") -> Task:
    (task,) = actions.ask_task(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        departments=[Department.objects.get(pk=department)],
        kind=TaskKind.OPINION,
        asked="Votre avis ?",
        due_on=due_on,
    )
    return task


def test_departments_at_work_have_as_many_days_left_as_before(
    certificate, administrator, eas_agent
):
    # asked on Monday 11; accepted or not by Wednesday 13, given back on Wednesday 20
    task = ask(certificate, eas_agent, date(2026, 5, 20))
    client = client_of(administrator)
    page = client.post(URL, posted())
    assert page.context["effect"]["tasks"] == 1
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 5, 20, 17, 30, tzinfo=PARIS)
    client.post(URL, posted(counted=page.context["effect"]["key"]))
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 5, 21, 17, 30, tzinfo=PARIS)
    assert task.answer_due_at == datetime(2026, 5, 13, 10, tzinfo=PARIS)
    assert Recalculation.objects.get().tasks == 1
    assert "travaux de services déplacés : 1" in client.get(URL).content.decode()
    event = certificate.events.get(verb=Verb.RECALCULATE)
    assert event.data["tasks"] == [task.pk]


def test_a_department_s_work_after_a_target_gone_by_moves_alone(
    certificate, administrator, eas_agent
):
    ServiceRequest.objects.filter(pk=certificate.pk).update(due_at=MONDAY - timedelta(days=3))
    task = ask(certificate, eas_agent, date(2026, 5, 18))
    done = ask_done(certificate, eas_agent)
    run = actions.add_closure(actor=administrator, **BRIDGE)
    assert (run.examined, run.moved, run.tasks) == (1, 0, 1)
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 5, 19, 17, 30, tzinfo=PARIS)
    assert Task.objects.get(pk=done.pk).due_at == done.due_at


def ask_done(service_request, actor) -> Task:
    """A work that was taken back: nothing is owed on it any more."""
    task = ask(service_request, actor, date(2026, 5, 18), "espaces-verts")
    actions.cancel_task(request_id=service_request.pk, version=None, actor=actor, task=task.pk)
    return task


def test_departments_at_work_cost_no_query_each(
    certificate, administrator, eas_agent, django_assert_num_queries
):
    ask(certificate, eas_agent, date(2026, 5, 20))
    closure = actions.unsaved_closure(**BRIDGE, now=MONDAY)
    with django_assert_num_queries(4):  # two of them read the calendars
        assert len(list(moves(closure, adds=True, now=MONDAY))) == 1
    ask(file_request(CERTIFICATE, now=MONDAY), eas_agent, date(2026, 5, 20))
    with django_assert_num_queries(4):
        assert len(list(moves(closure, adds=True, now=MONDAY))) == 2


@pytest.mark.parametrize(
    "closed", [date(2026, 5, 17), date(2026, 5, 14)], ids=["sunday", "holiday"]
)
def test_closing_a_day_that_is_closed_already_moves_no_work_due_on_a_saturday(
    certificate, administrator, eas_agent, closed
):
    task = ask(certificate, eas_agent, date(2026, 5, 23))
    client = client_of(administrator)
    page = client.post(URL, posted(closed))
    assert page.context["effect"]["tasks"] == 0
    client.post(URL, posted(closed, counted=page.context["effect"]["key"]))
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 5, 23, 17, 30, tzinfo=PARIS)
