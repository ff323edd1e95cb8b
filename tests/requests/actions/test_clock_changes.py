"""The nights of 29 March and 25 October 2026: alerts, reminders and pauses keep the wall clock."""

from datetime import UTC, datetime, timedelta

import pytest

from prestations.calendars import PARIS, WorkingCalendar
from requests import actions
from requests.enums import AlertKind
from requests.models import ServiceRequest
from tests.requests.actions.conftest import PERSON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def kinds(now: datetime) -> set[AlertKind]:
    due = actions.due_alerts(now=now, calendar=WorkingCalendar(), limit=50)
    return {kind for _id, kind, _about in due}


@pytest.fixture
def over_the_night(file, eas_agent):
    """A certificate, taken, that arrived at one moment and is due at another."""

    def make(arrived_at: datetime, due_at: datetime) -> ServiceRequest:
        filed = file("acte-naissance-filiation", demandeur=PERSON, now=arrived_at)
        actions.route_request(request_id=filed.pk, now=arrived_at)
        actions.take_request(request_id=filed.pk, version=None, actor=eas_agent, now=arrived_at)
        ServiceRequest.objects.filter(pk=filed.pk).update(due_at=due_at)
        filed.refresh_from_db()
        return filed

    return make


# from Friday 10.00 to Monday 10.00 in Paris: 71 hours in spring, 73 in autumn. Three quarters of
# them: 53 h 15 and 54 h 45 after 9.00 and 8.00 UTC
@pytest.mark.parametrize(
    ("arrived_at", "due_at", "soon_at"),
    [
        (utc(3, 27, 9), utc(3, 30, 8), utc(3, 29, 14, 15)),
        (utc(10, 23, 8), utc(10, 26, 9), utc(10, 25, 14, 45)),
    ],
)
def test_alerts_come_at_their_moment_on_both_nights(over_the_night, arrived_at, due_at, soon_at):
    over_the_night(arrived_at, due_at)
    assert AlertKind.DUE_SOON not in kinds(soon_at - MINUTE)
    assert AlertKind.DUE_SOON in kinds(soon_at)
    assert AlertKind.OVERDUE not in kinds(due_at)
    assert AlertKind.OVERDUE in kinds(due_at + MINUTE)


def test_an_alert_of_the_hour_that_comes_twice_is_told_once(over_the_night):
    # 2.30 in Paris comes at 0.30 and again at 1.30 UTC on 25 October
    late = over_the_night(utc(10, 20, 8), utc(10, 25, 0, 30))
    for now in (utc(10, 25, 0, 31), utc(10, 25, 1, 31), utc(10, 25, 2, 31)):
        for request_id, kind, about in actions.due_alerts(
            now=now, calendar=WorkingCalendar(), limit=50
        ):
            actions.raise_alert(request_id=request_id, kind=kind, about=about, now=now)
    assert late.events.filter(verb="alert", data__kind=AlertKind.OVERDUE).count() == 1


@pytest.mark.parametrize(
    ("asked_at", "remind_at"),
    [
        # fifteen days after 13 March: 28 March; the morning after, 8.00 in Paris is 6.00 UTC
        (utc(3, 13, 9), utc(3, 29, 6)),
        # fifteen days after 9 October: 24 October; the morning after, 8.00 is 7.00 UTC
        (utc(10, 9, 9), utc(10, 25, 7)),
    ],
)
def test_a_reminder_leaves_at_eight_in_the_morning(over_the_night, eas_agent, asked_at, remind_at):
    asked = over_the_night(asked_at, asked_at + timedelta(days=60))
    asked = actions.ask_question(
        request_id=asked.pk, version=None, actor=eas_agent, body="Où ?", now=asked_at
    )
    assert asked.remind_at == remind_at
    assert actions.due_reminders(now=remind_at - MINUTE, limit=9) == []
    assert actions.due_reminders(now=remind_at, limit=9) == [asked.pk]


@pytest.mark.parametrize(
    ("paused_at", "resumed_at", "due_at"),
    [
        # ninety days from Friday at 10.00: Thursday 25 June and Thursday 21 January, 10.00;
        # from Saturday noon to Monday noon: two days by the clock on the wall, 47 or 49 hours
        (utc(3, 28, 11), utc(3, 30, 10), datetime(2026, 6, 27, 10, tzinfo=PARIS)),
        (utc(10, 24, 10), utc(10, 26, 11), datetime(2027, 1, 23, 10, tzinfo=PARIS)),
        # from 1.30 to 4.30 in the night: three hours on the wall, two or four in truth
        (utc(3, 29, 0, 30), utc(3, 29, 2, 30), datetime(2026, 6, 25, 13, tzinfo=PARIS)),
        (utc(10, 24, 23, 30), utc(10, 25, 3, 30), datetime(2027, 1, 21, 13, tzinfo=PARIS)),
    ],
)
def test_a_pause_over_the_night_moves_the_date_by_the_wall_clock(
    file, eas_agent, paused_at, resumed_at, due_at
):
    friday = utc(3, 27, 9) if paused_at.month == 3 else utc(10, 23, 8)
    filed = file("voirie-intervention-rapide", place="rue Jean Mermoz", now=friday)
    actions.route_request(request_id=filed.pk, now=friday)
    actions.ask_question(
        request_id=filed.pk, version=None, actor=eas_agent, body="Où ?", now=paused_at
    )
    back = actions.receive_message(request_id=filed.pk, body="Ici.", now=resumed_at)
    assert back.due_at == due_at
