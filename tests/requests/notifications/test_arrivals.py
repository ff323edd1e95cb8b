"""A department learns by mail what reaches it, as each of its people chose."""

from datetime import datetime, timedelta

import pytest
import time_machine

from backoffice.actions.preferences import choose_arrival_mail
from prestations.calendars import PARIS
from prestations.enums import ArrivalMail
from prestations.models import AlertMailChoice, Membership
from requests import actions
from requests.tasks import tell_day
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

POTHOLE = "voirie-intervention-rapide"
TUESDAY = datetime(2026, 11, 3, 7, 45, tzinfo=PARIS)


def chooses(person, value: ArrivalMail) -> None:
    choose_arrival_mail(user=person, chosen={person.memberships.get().pk: value})


def at(moment: datetime):
    return time_machine.travel(moment.timestamp(), tick=False)


@pytest.fixture
def mails_of_the_day(mails):
    def at_work(moment: datetime) -> list:
        with at(moment):
            tell_day()
            return [mail for mail in mails() if "pour votre service" in mail.subject]

    return at_work


@pytest.fixture
def pothole(expert, head, mails):
    """Filed and routed on Monday, 2 November 2026 at 10.30."""
    with at(TUESDAY - timedelta(days=1) + timedelta(hours=3)):
        filed = file_request(POTHOLE)
        mails()
    return filed


def test_each_request_is_told_at_once_to_whoever_chose_so(expert, head, mails):
    chooses(head, ArrivalMail.EACH)
    filed = file_request(POTHOLE)
    told = [mail for mail in mails() if "pour votre service" in mail.subject]
    assert [mail.to for mail in told] == [[head.email]]
    assert told[0].body.startswith("Bonjour,")
    assert "Pour l'ouvrir dans l'espace agents\u00a0: http" in told[0].body
    assert f"/agent/demandes/{filed.reference}/" in told[0].body
    assert "Durand" not in told[0].body


def test_an_urgent_one_is_told_at_once_to_all_but_those_who_want_no_mail(expert, head, mails):
    chooses(head, ArrivalMail.NEVER)
    file_request(POTHOLE, urgent=True)
    told = [mail for mail in mails() if "URGENT" in mail.subject]
    assert [mail.to for mail in told] == [[expert.email]]


def test_the_day_before_is_told_once(pothole, expert, head, mails_of_the_day):
    chooses(head, ArrivalMail.NEVER)
    (told,) = mails_of_the_day(TUESDAY)
    assert told.to == [expert.email]
    assert told.subject.startswith("Une nouvelle demande pour votre service")
    assert pothole.reference in told.body
    assert "?vue=a-prendre" in told.body
    assert mails_of_the_day(TUESDAY + timedelta(hours=1)) == []
    assert mails_of_the_day(TUESDAY + timedelta(days=1)) == []


def test_what_somebody_took_is_not_told(pothole, expert, mails_of_the_day):
    actions.take_request(request_id=pothole.pk, version=None, actor=expert)
    assert mails_of_the_day(TUESDAY) == []


def test_friday_is_told_on_monday_and_nothing_on_sunday(expert, mails, mails_of_the_day):
    friday = datetime(2026, 11, 6, 16, tzinfo=PARIS)
    with at(friday):
        file_request(POTHOLE, now=friday)
        mails()
    assert mails_of_the_day(friday + timedelta(days=2)) == []
    (told,) = mails_of_the_day(datetime(2026, 11, 9, 7, 45, tzinfo=PARIS))
    assert told.to == [expert.email]


def test_another_departments_people_are_not_written_to(pothole, other_expert, mails_of_the_day):
    told = mails_of_the_day(TUESDAY)
    assert other_expert.email not in {mail.to[0] for mail in told}


def test_one_chooses_on_a_page_and_for_oneself_only(client, login, expert, head):
    own, others = expert.memberships.get(), head.memberships.get()
    data = {
        "alerts": "grave",
        f"membership-{own.pk}": "never",
        f"membership-{others.pk}": "never",
    }
    login(client, expert).post("/agent/preferences/", data)
    chosen = dict(Membership.objects.values_list("pk", "arrival_mail"))
    assert (chosen[own.pk], chosen[others.pk]) == ("never", "daily")
    assert dict(AlertMailChoice.objects.values_list("user", "choice")) == {expert.pk: "grave"}
