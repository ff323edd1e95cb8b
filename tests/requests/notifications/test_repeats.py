"""Who is told that a recurring request comes back, and that it is back."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from backoffice.actions.preferences import choose_alert_mail
from prestations.calendars import PARIS
from prestations.enums import AlertMail
from requests import actions
from requests.models import ServiceRequest
from requests.tasks import tell_day
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

MONDAY = datetime(2026, 11, 2, 10, 30, tzinfo=PARIS)
DAY = date(2026, 11, 23)  # a Monday
SOON, BACK = "Reviennent dans une semaine\u00a0: 1", "Ouvertes de nouveau\u00a0: 1"


def at(moment: datetime):
    return time_machine.travel(moment.timestamp(), tick=False)


@pytest.fixture
def told(mails):
    """The mails of a morning that speak of what comes back: their heading, by address."""

    def on(day: date) -> dict[str, str]:
        with at(datetime(day.year, day.month, day.day, 7, 50, tzinfo=PARIS)):
            tell_day()
            left = {one.to[0]: one.body for one in mails()}
        return {to: words for to, body in left.items() for words in (SOON, BACK) if words in body}

    return on


@pytest.fixture
def yearly(eas_agent, expert, supervisor, head, mails):
    """In the hands of its department's agent, due long after; it comes back each year."""
    with at(MONDAY):
        filed = file_request("voirie-intervention-rapide")
        mails()
        actions.take_request(request_id=filed.pk, version=None, actor=expert)
        actions.repeat_request(
            request_id=filed.pk, version=None, actor=eas_agent, rhythm="year", first_on=DAY
        )
        mails()
    later = MONDAY + timedelta(days=300)
    ServiceRequest.objects.filter(pk=filed.pk).update(due_at=later, department_due_at=later)
    return filed


def test_its_agent_is_reminded_once_a_week_before(yearly, expert, told):
    assert told(DAY - timedelta(days=10)) == {}
    assert told(DAY - timedelta(days=7)) == {expert.email: SOON}
    assert told(DAY - timedelta(days=6)) == {}


def test_a_mail_that_leaves_after_a_closed_day_reminds_of_what_it_missed(yearly, expert, told):
    saturday = date(2026, 11, 28)
    ServiceRequest.objects.filter(pk=yearly.pk).update(repeats_on=saturday)
    told(date(2026, 11, 20))  # a Friday; the week before is a Saturday
    assert told(date(2026, 11, 23)) == {expert.email: SOON}


def test_its_agent_is_told_on_the_day_that_it_is_open_again(yearly, expert, told, mails):
    told(DAY - timedelta(days=4))
    assert told(DAY) == {expert.email: BACK}
    assert ServiceRequest.objects.filter(repeats_on=DAY.replace(year=2027)).exists()
    assert told(DAY + timedelta(days=1)) == {}


def test_what_nobody_holds_is_told_to_the_supervisor(yearly, supervisor, told):
    ServiceRequest.objects.filter(pk=yearly.pk).update(assignee=None, front_agent=None)
    assert told(DAY - timedelta(days=7)) == {supervisor.email: SOON}


def test_the_end_of_the_request_does_not_end_its_reminders(yearly, expert, told):
    ServiceRequest.objects.filter(pk=yearly.pk).update(state="close", closed_at=MONDAY)
    assert told(DAY - timedelta(days=7)) == {expert.email: SOON}


def test_one_that_was_cancelled_or_stopped_reminds_nobody(yearly, eas_agent, told):
    actions.repeat_request(request_id=yearly.pk, version=None, actor=eas_agent, rhythm="")
    assert told(DAY - timedelta(days=7)) == {}


def test_whoever_chose_no_mail_of_dates_gets_none(yearly, expert, told):
    choose_alert_mail(user=expert, choice=AlertMail.GRAVE)
    assert told(DAY - timedelta(days=7)) == {}
