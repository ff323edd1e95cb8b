"""What a contract promised, measured: taken up, returned, worked (S28, S77)."""

from datetime import timedelta

import pytest
import time_machine

from prestations.enums import Role
from prestations.models import (
    Department,
)
from requests import actions
from requests.actions.tasks import ask_task
from requests.enums import TaskKind
from requests.models import ServiceRequest
from requests.performance import Kept, Promise, kept_by
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_contracts import (
    LIST,
    MONDAY,
    PARKS,
    POTHOLE,
    ROADS,
    TREES,
    page_of,
    pair,
)
from tests.factories.users import make_agent
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db


def routed() -> ServiceRequest:
    return actions.route_request(request_id=file_request(POTHOLE, now=MONDAY).pk, now=MONDAY)


def treat(sr, expert, now) -> None:
    actions.treat_request(
        request_id=sr.pk,
        version=None,
        actor=expert,
        conclusion="Rebouché.",
        outcome="positive",
        now=now,
    )


def kept(now) -> dict[Promise, Kept]:
    return kept_by(ROADS, now, ServiceRequest.objects.all())


def test_what_was_taken_and_returned_is_measured_against_its_dates(catalogue, expert):
    # owed: taken on Wednesday 14, returned on Monday 26, both at ten
    in_time, late, waiting = routed(), routed(), routed()
    for sr, days in ((in_time, 2), (late, 3)):
        actions.take_request(
            request_id=sr.pk, version=None, actor=expert, now=MONDAY + timedelta(days=days)
        )
    treat(in_time, expert, MONDAY + timedelta(days=14))
    treat(late, expert, MONDAY + timedelta(days=14, minutes=1))
    found = kept(MONDAY + timedelta(days=15))
    assert found[Promise.TAKEN] == Kept(done=2, missed=1, owed=1)
    assert found[Promise.RETURNED] == Kept(done=2, missed=1, owed=1)
    assert waiting.assignee is None
    assert found[Promise.RETURNED].percent == 33  # what is still waited for is not kept
    after = kept(MONDAY + timedelta(days=14 + 91))
    assert after[Promise.RETURNED] == Kept(owed=1)
    assert after[Promise.RETURNED].percent == 0


def test_overdue_returns_still_awaited_are_missed_on_both_pages(administrator, expert):
    kept_one, _waiting = routed(), routed()
    actions.take_request(request_id=kept_one.pk, version=None, actor=expert, now=MONDAY)
    treat(kept_one, expert, MONDAY + timedelta(days=1))
    client = client_of(administrator)
    with time_machine.travel(MONDAY + timedelta(days=15)):
        page = client.get(page_of(ROADS))
        returned = page.context["measured"][list(Promise).index(Promise.RETURNED)]
        assert (returned.kept, returned.met) == (Kept(done=1, owed=1), False)
        listed = {one.pk: kept for one, _contract, kept in client.get(LIST).context["contracts"]}
        assert listed[ROADS] == returned.kept
        assert "<strong>50\u00a0%" in page.content.decode()


@pytest.mark.parametrize(("days", "measured"), [(14, Kept()), (15, Kept(done=1, missed=1))])
def test_given_back_without_a_conclusion_counts_once_its_day_has_passed(
    catalogue, expert, days, measured
):
    sr = routed()
    actions.return_request(
        request_id=sr.pk,
        version=None,
        actor=expert,
        note="Pas nous.",
        now=MONDAY + timedelta(days=days),
    )
    assert kept(MONDAY + timedelta(days=20))[Promise.RETURNED] == measured


def test_time_waiting_for_the_requester_is_not_the_department_s(catalogue, expert, eas_agent):
    sr = routed()
    actions.ask_question(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        body="Où ?",
        now=MONDAY + timedelta(days=1),
    )
    actions.take_request(
        request_id=sr.pk, version=None, actor=expert, now=MONDAY + timedelta(days=8)
    )
    assert kept(MONDAY + timedelta(days=9))[Promise.TAKEN] == Kept(done=1)


def test_a_colleague_s_taking_over_is_not_measured_again(catalogue, expert, head):
    sr = routed()
    for person, days in ((expert, 1), (head, 9)):
        actions.take_request(
            request_id=sr.pk, version=None, actor=person, now=MONDAY + timedelta(days=days)
        )
    assert kept(MONDAY + timedelta(days=10))[Promise.TAKEN] == Kept(done=1)


def asked_of_roads(agent):
    """Work asked of a department beside the one that leads."""
    sr = actions.route_request(request_id=file_request(TREES, now=MONDAY).pk, now=MONDAY)
    (task,) = ask_task(
        request_id=sr.pk,
        version=None,
        actor=agent,
        departments=[Department.objects.get(pk=ROADS)],
        kind=TaskKind.WORK,
        asked="Barrer la voie.",
        due_on=(MONDAY + timedelta(days=1)).date(),
        now=MONDAY,
    )
    return sr, task


def test_work_asked_of_a_department_is_measured_by_the_day_asked(catalogue, eas_agent, expert):
    sr, task = asked_of_roads(eas_agent)
    assert kept(MONDAY + timedelta(days=2))[Promise.WORKED] == Kept(owed=1)
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        actions.conclude_task(
            request_id=sr.pk,
            version=None,
            actor=expert,
            task=task.pk,
            conclusion="Fait.",
            now=MONDAY + timedelta(days=2),
        )
    assert kept(MONDAY + timedelta(days=3))[Promise.WORKED] == Kept(done=1, missed=1)


def test_every_number_opens_a_list_of_that_length(head, expert, eas_agent):
    asked_of_roads(eas_agent)
    for days in (1, 4):
        sr = routed()
        actions.take_request(
            request_id=sr.pk, version=None, actor=expert, now=MONDAY + timedelta(days=days)
        )
        treat(sr, expert, MONDAY + timedelta(days=4))
    client = client_of(head)
    with time_machine.travel(MONDAY + timedelta(days=5)):
        page = client.get(page_of(ROADS))
        numbers = [one for row in page.context["measured"] for one in row.numbers]
        opened = [one for one in numbers if one.url]
        assert [one.value for one in opened] == [2, 1, 1, 2, 2, 1]
        for one in opened:
            listed = client.get(one.url)
            assert len(listed.context["page"].rows) == one.value, one.url
        assert "Contrat de service" in listed.content.decode()
        assert "sous l’objectif" in page.content.decode()
        sr.department, sr.department_since = pair(TREES, PARKS)[1], sr.department_since
        sr.save(update_fields=["department"])  # it left: both parties still read the same
        figures = [one.value for row in page.context["measured"] for one in row.numbers]
        admin = make_agent(Role.ADMINISTRATEUR, first_name="Ada", last_name="Min")
        for party in (client, client_of(admin)):
            rows = party.get(page_of(ROADS)).context["measured"]
            assert [one.value for row in rows for one in row.numbers] == figures
        for forged in ("prise", "prise:tenu:", "rien:tenu:x", "a:b:c"):
            address = f"/agent/demandes/?vue=pilotage&contrat={forged}"
            assert not client.get(address).context["page"].rows
