"""A scheduler stopped for a day catches up once: a few mails each, and the day's has all."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine

from backoffice.actions.preferences import choose_alert_mail
from prestations.calendars import PARIS
from prestations.enums import AlertMail, ArrivalMail
from prestations.models import Department, Membership
from requests import actions, tasks
from requests.enums import AlertKind, TaskKind
from requests.models import Alert, ServiceRequest
from requests.notifications.alerts import A_FEW
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

PARKS = "espaces-verts"
MANY = A_FEW + 2
# of 2026: Monday 2 November; nothing ran on Wednesday 4
MONDAY = datetime(2026, 11, 2, 10, 30, tzinfo=PARIS)
THURSDAY = datetime(2026, 11, 5, 7, 50, tzinfo=PARIS)


def at(moment: datetime):
    return time_machine.travel(moment.timestamp(), tick=False)


def catch_up(mails, moment: datetime = THURSDAY) -> list:
    """Beat's first minutes: what leaves about dates."""
    with at(moment):
        tasks.chase_deadlines()
        left = mails()
        tasks.tell_day()
        tasks.chase_deadlines()
        left += mails()
    return [one for one in left if "pour votre service" not in one.subject]


def by_person(left: list) -> Counter:
    return Counter(one.to[0] for one in left)


def day_s(left: list, person) -> str:
    """The body of the one mail of the day."""
    (found,) = [
        one.body
        for one in left
        if one.to == [person.email] and one.subject.startswith("Vos échéances")
    ]
    return found


@pytest.fixture
def late_requests(expert, head, supervisor, eas_agent, other_expert, mails):
    """Gravely late since Wednesday, each with a work that the parks owed that day."""

    def file(count: int) -> list[ServiceRequest]:
        parks = [Department.objects.get(pk=PARKS)]
        rows = []
        with at(MONDAY):
            for _number in range(count):
                sr = file_request("voirie-intervention-rapide", now=MONDAY)
                actions.route_request(request_id=sr.pk)
                actions.take_request(request_id=sr.pk, version=None, actor=expert)
                actions.ask_task(
                    request_id=sr.pk,
                    version=None,
                    actor=expert,
                    departments=parks,
                    kind=TaskKind.WORK,
                    asked="Tailler.",
                    due_on=MONDAY.date() + timedelta(days=2),
                )
                rows.append(sr)
            mails()
        # ten days for the answer, eighteen have passed
        ServiceRequest.objects.filter(pk__in=[sr.pk for sr in rows]).update(
            arrived_at=THURSDAY - timedelta(days=18),
            due_at=THURSDAY - timedelta(days=8),
            acknowledged_at=MONDAY,
            first_answered_at=MONDAY,
        )
        return rows

    return file


def test_many_late_requests_and_works_are_a_few_mails_each(
    late_requests, expert, head, supervisor, other_expert, mails
):
    late_requests(MANY)
    left = catch_up(mails)
    counts = by_person(left)
    for person in (expert, head, supervisor):
        assert counts[person.email] == A_FEW + 1
        assert f"Retard grave\u00a0: {MANY}" in day_s(left, person)
    assert counts[other_expert.email] == 1
    assert f"Travail d'un service en retard\u00a0: {MANY}" in day_s(left, other_expert)
    assert f"Travail d'un service en retard\u00a0: {MANY}" in day_s(left, expert)  # who asked
    assert catch_up(mails, THURSDAY + timedelta(minutes=5)) == []


def test_a_department_hears_of_its_works_where_it_reads_mail(
    late_requests, other_expert, expert, mails
):
    (first, second) = late_requests(2)
    task = first.tasks.get()
    with at(MONDAY):
        actions.accept_task(request_id=first.pk, version=None, actor=other_expert, task=task.pk)
        mails()
    Membership.objects.filter(user=other_expert).update(arrival_mail=ArrivalMail.NEVER)
    told = day_s(catch_up(mails), other_expert)
    assert f"{first.reference}, Espaces verts, pour le mercredi 4 novembre 2026" in told
    assert second.reference not in told  # nobody's yet, and they read no mail of the department


def test_the_day_s_mail_has_all_of_them_beyond_a_run_s_limit(
    late_requests, expert, head, other_expert, mails, monkeypatch
):
    monkeypatch.setattr(tasks, "CHASE_LIMIT", 1)
    late_requests(4)
    with at(THURSDAY):
        tasks.tell_day()
        left = mails()
    assert "Retard grave\u00a0: 4" in day_s(left, head)
    assert "Travail d'un service en retard\u00a0: 4" in day_s(left, other_expert)


def test_an_alert_that_cannot_be_raised_does_not_hold_the_day_s_mail(
    late_requests, expert, mails, monkeypatch
):
    late_requests(1)
    monkeypatch.setattr(tasks.actions, "raise_alert", lambda **_given: None)
    with at(THURSDAY):
        assert tasks.tell_day()["digest"] > 0


def test_who_wants_grave_ones_alone_reads_the_rest_of_them_in_the_morning(
    late_requests, expert, head, mails
):
    for person in (expert, head):
        choose_alert_mail(user=person, choice=AlertMail.GRAVE)
    late_requests(A_FEW + 1)
    left = catch_up(mails)
    told = day_s(left, head)
    assert f"Retard grave\u00a0: {A_FEW + 1}" in told
    assert "Travail" not in day_s(left, expert)
    assert by_person(left)[head.email] == A_FEW + 1


def test_who_wants_grave_ones_alone_and_had_few_gets_no_mail_of_the_day(late_requests, head, mails):
    choose_alert_mail(user=head, choice=AlertMail.GRAVE)
    late_requests(A_FEW - 1)
    assert by_person(catch_up(mails))[head.email] == A_FEW - 1


def test_who_wants_each_has_each(late_requests, head, mails):
    choose_alert_mail(user=head, choice=AlertMail.EACH)
    late_requests(A_FEW + 2)
    assert by_person(catch_up(mails))[head.email] == A_FEW + 2


def test_a_promised_call_is_told_at_once_whatever_else_there_is(
    late_requests, expert, supervisor, mails
):
    (sr, *_others) = late_requests(A_FEW + 2)
    catch_up(mails)
    with at(THURSDAY):
        actions.promise_call_back(
            request_id=sr.pk,
            actor=supervisor,
            owner=supervisor,
            slot=(THURSDAY + timedelta(hours=1), THURSDAY + timedelta(hours=2)),
            phone="0612345678",
        )
        mails()
    left = catch_up(mails, THURSDAY + timedelta(hours=3))
    told = [one for one in left if "rappeler le demandeur aujourd" in one.body]
    assert {expert.email, supervisor.email} <= set(by_person(told))


def test_silence_that_decides_a_request_that_follows_another_is_in_the_day_s_mail(
    late_requests, expert, mails
):
    lead, follows = late_requests(2)
    ServiceRequest.objects.filter(pk=follows.pk).update(merged_into=lead)
    Alert.objects.create(
        request=follows, kind=AlertKind.IMPLICIT_DECISION, about="2026-11-10", raised_at=MONDAY
    )
    told = day_s(catch_up(mails), expert)
    _before, _heading, rest = told.partition("Le silence va décider, ou a décidé\u00a0: 1\n")
    assert rest.startswith(f"- {follows.reference}")
