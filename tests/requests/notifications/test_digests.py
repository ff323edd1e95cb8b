"""One mail a day to each person, whatever the scheduler missed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from backoffice.actions.preferences import choose_alert_mail
from prestations.calendars import PARIS
from prestations.enums import AlertMail
from prestations.models import Membership
from requests import actions
from requests.enums import LATENESS, AlertKind, Outcome
from requests.models import Alert, DailyRun, ServiceRequest
from requests.notifications import digests, parts
from requests.tasks import tell_day
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

POTHOLE = "voirie-intervention-rapide"
# working days of 2026: Monday 2 November to Thursday 5; Wednesday 11 is a public holiday
MONDAY = datetime(2026, 11, 2, 10, 30, tzinfo=PARIS)
THURSDAY = datetime(2026, 11, 5, 7, 50, tzinfo=PARIS)


def at(moment: datetime):
    return time_machine.travel(moment.timestamp(), tick=False)


@pytest.fixture
def beat(mails):
    """What the scheduler does at a moment; returns the mails of the day that left, and others."""

    def runs(moment: datetime) -> tuple[list, list]:
        with at(moment):
            tell_day()
            left = [one for one in mails() if "pour votre service" not in one.subject]
        days = [one for one in left if one.subject.startswith("Vos échéances")]
        return days, [one for one in left if one not in days]

    return runs


@pytest.fixture
def pothole(expert, head, supervisor, mails):
    """Filed on Monday, taken by its agent."""
    with at(MONDAY):
        filed = file_request(POTHOLE)
        mails()
        actions.take_request(request_id=filed.pk, version=None, actor=expert)
        mails()
    return filed


def due(service_request, moment: datetime, *, arrived: datetime = MONDAY) -> None:
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        arrived_at=arrived, due_at=moment, department_due_at=moment + timedelta(days=30)
    )


def test_what_is_due_today_is_told_in_the_morning_to_its_agent(pothole, expert, beat):
    due(pothole, THURSDAY.replace(hour=17))
    days, others = beat(THURSDAY)
    assert [mail.to for mail in days] == [[expert.email]]
    assert "À rendre aujourd'hui\u00a0: 1" in days[0].body
    assert pothole.reference in days[0].body
    assert others == []


def test_what_is_late_is_told_to_agent_head_and_supervisor_in_one_mail_each(
    pothole, expert, head, supervisor, beat
):
    due(pothole, THURSDAY - timedelta(hours=20))
    days, others = beat(THURSDAY)
    assert sorted(mail.to[0] for mail in days) == sorted(
        [expert.email, head.email, supervisor.email]
    )
    assert all("En retard\u00a0: 1" in mail.body for mail in days)
    assert others == []


def test_a_second_run_of_the_day_writes_nothing(pothole, beat):
    due(pothole, THURSDAY.replace(hour=17))
    beat(THURSDAY)
    assert beat(THURSDAY + timedelta(minutes=5)) == ([], [])
    assert DailyRun.objects.get(work="digest").told == 1


def test_nothing_leaves_before_the_morning_nor_on_a_closed_day(pothole, beat):
    due(pothole, THURSDAY.replace(hour=17))
    assert beat(THURSDAY.replace(hour=7, minute=40))[0] == []
    assert beat(datetime(2026, 11, 7, 9, tzinfo=PARIS))[0] == []  # a Saturday
    assert beat(datetime(2026, 11, 11, 9, tzinfo=PARIS))[0] == []  # Armistice


def test_beat_stopped_for_a_day_writes_one_mail_each_with_alerts_in_order(
    pothole, expert, head, supervisor, mails, beat
):
    with at(MONDAY):
        second = file_request(POTHOLE)
        mails()
        actions.take_request(request_id=second.pk, version=None, actor=expert)
        mails()
    due(pothole, THURSDAY.replace(hour=16))
    due(second, THURSDAY.replace(hour=11))
    beat(THURSDAY)
    # stopped until Friday afternoon: Friday's mail leaves once, Thursday's is not repeated
    friday = THURSDAY + timedelta(days=1, hours=7)
    days, others = beat(friday)
    assert sorted(mail.to[0] for mail in days) == sorted(
        [expert.email, head.email, supervisor.email]
    )
    assert others == []
    overdue = Alert.objects.filter(kind=AlertKind.OVERDUE).order_by("pk")
    assert [alert.request_id for alert in overdue] == [second.pk, pothole.pk]
    assert beat(friday + timedelta(minutes=1)) == ([], [])
    assert DailyRun.objects.filter(work="digest").count() == 2


def test_a_grave_alert_has_its_own_mail_and_stands_first_in_the_day_s(pothole, expert, head, beat):
    # ten days for the answer, fifteen and more have passed: grave; not thirty
    due(pothole, THURSDAY - timedelta(days=8), arrived=THURSDAY - timedelta(days=18))
    days, others = beat(THURSDAY)
    assert {expert.email, head.email} <= {mail.to[0] for mail in others}
    assert all("Retard grave\u00a0: 1" in mail.body for mail in days)
    assert all("En retard\u00a0:" not in mail.body for mail in days)


def test_three_times_late_is_told_apart_and_a_director_reads_figures_alone(pothole, manager, beat):
    due(pothole, THURSDAY - timedelta(days=21), arrived=THURSDAY - timedelta(days=31))
    days, others = beat(THURSDAY)
    told = {mail.to[0]: mail.body for mail in days}
    assert "Trois fois le délai passé\u00a0: 1" in told[manager.email]
    assert pothole.reference not in told[manager.email]
    assert manager.email not in {mail.to[0] for mail in others}


def test_while_the_citizen_owes_the_answer_nobody_is_told_of_lateness(pothole, eas_agent, beat):
    with at(MONDAY):
        actions.ask_question(request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?")
    due(pothole, THURSDAY - timedelta(days=1))
    assert beat(THURSDAY)[0] == []


def test_each_person_chooses(pothole, expert, head, beat):
    choose_alert_mail(user=expert, choice=AlertMail.GRAVE)
    choose_alert_mail(user=head, choice=AlertMail.EACH)
    due(pothole, THURSDAY - timedelta(hours=20))
    days, others = beat(THURSDAY)
    assert expert.email not in {mail.to[0] for mail in [*days, *others]}
    assert head.email not in {mail.to[0] for mail in days}
    assert [mail.to for mail in others] == [[head.email]]


@pytest.mark.parametrize(
    ("friday", "due_at", "leaves_at"),
    [
        # the clocks change on Sunday: 7.45 on Monday in Paris is 5.45 UTC in spring, 6.45 in autumn
        ((2026, 3, 27), (2026, 3, 30), datetime(2026, 3, 30, 5, 45, tzinfo=UTC)),
        ((2026, 10, 23), (2026, 10, 26), datetime(2026, 10, 26, 6, 45, tzinfo=UTC)),
    ],
)
def test_over_the_night_of_the_clock_change_one_mail_leaves_on_monday_morning(
    expert, mails, beat, friday, due_at, leaves_at
):
    with at(datetime(*friday, 9, tzinfo=PARIS)):
        filed = file_request(POTHOLE)
        actions.route_request(request_id=filed.pk)
        actions.take_request(request_id=filed.pk, version=None, actor=expert)
        mails()
    due(filed, datetime(*due_at, 17, tzinfo=PARIS), arrived=datetime(*friday, 9, tzinfo=PARIS))
    saturday_evening = datetime(*friday, 20, tzinfo=PARIS) + timedelta(days=1)
    moments, near = [saturday_evening.astimezone(UTC)], leaves_at - timedelta(hours=2)
    while (later := moments[-1] + timedelta(hours=4)) < near:
        moments.append(later)
    moments += [near + timedelta(minutes=15) * number for number in range(17)]
    left = [(moment, mail) for moment in moments for mail in beat(moment)[0]]
    assert [(moment, mail.to) for moment, mail in left] == [(leaves_at, [expert.email])]


def standing(service_request) -> set[str]:
    rows = Alert.objects.filter(request=service_request, cleared_at=None)
    return set(rows.values_list("kind", flat=True))


def test_a_supervisor_of_all_teams_is_told_as_one_of_a_team(pothole, supervisor, beat):
    Membership.objects.filter(user=supervisor).update(team=None)
    due(pothole, THURSDAY - timedelta(hours=20))
    (told,) = [one for one in beat(THURSDAY)[0] if one.to == [supervisor.email]]
    assert "En retard\u00a0: 1" in told.body


def test_what_is_not_named_is_counted(pothole, expert, beat, mails, monkeypatch):
    monkeypatch.setattr(parts, "NAMED", 1)
    with at(MONDAY):
        second = file_request(POTHOLE)
        mails()
        actions.take_request(request_id=second.pk, version=None, actor=expert)
    for one in (pothole, second):
        due(one, THURSDAY.replace(hour=17))
    assert beat(THURSDAY)[0][0].body.count("- et 1 autre\n") == 1


def test_no_heading_has_two_colons():
    assert not [text for text in digests.HEADINGS.values() if ":" in text]


def test_an_answered_request_that_waits_is_told_to_nobody(pothole, expert, eas_agent, beat):
    due(pothole, THURSDAY - timedelta(hours=20))
    beat(THURSDAY)
    assert AlertKind.OVERDUE in standing(pothole)
    Alert.objects.create(
        request=pothole, kind=AlertKind.UNACKNOWLEDGED, about="2026-11-02", raised_at=THURSDAY
    )
    with at(THURSDAY):
        actions.treat_request(
            request_id=pothole.pk,
            version=None,
            actor=expert,
            conclusion="Rebouché.",
            outcome=Outcome.POSITIVE,
        )
        actions.answer_request(
            request_id=pothole.pk,
            version=None,
            actor=eas_agent,
            body="Fait.",
            outcome=Outcome.POSITIVE,
            close=False,
        )
    assert standing(pothole) == set()
    assert beat(THURSDAY + timedelta(days=1))[0] == []


def test_lateness_ends_as_the_clock_stops(pothole, eas_agent, beat):
    due(pothole, THURSDAY - timedelta(hours=20))
    beat(THURSDAY)
    with at(THURSDAY):
        actions.ask_question(request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?")
    assert not standing(pothole) & set(LATENESS)
    assert beat(THURSDAY + timedelta(days=1))[0] == []


def test_silence_is_told_no_more_once_documents_stop_its_clock(pothole, expert):
    Alert.objects.create(
        request=pothole, kind=AlertKind.IMPLICIT_DECISION, about="2027-01-02", raised_at=THURSDAY
    )
    with at(THURSDAY):
        actions.ask_pieces(
            request_id=pothole.pk,
            version=None,
            actor=expert,
            pieces=[{"document_code": "a", "label": "Photo"}],
            due_on=(THURSDAY + timedelta(days=30)).date(),
        )
    assert AlertKind.IMPLICIT_DECISION not in standing(pothole)
