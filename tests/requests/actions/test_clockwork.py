"""Beat's work: alerts and interim replies, each once for one event, whatever restarts."""

from datetime import timedelta

import pytest

from prestations.calendars import WorkingCalendar
from prestations.models import Department
from requests import actions
from requests.enums import AlertKind, State
from requests.models import Alert, ServiceRequest
from tests.requests.actions.conftest import MONDAY, PERSON

pytestmark = pytest.mark.django_db


def chase(now, limit=100):
    """What the task does, at a time of the test's choosing."""
    due = list(actions.due_alerts(now=now, calendar=WorkingCalendar(), limit=limit))
    for request_id, kind, about in due:
        actions.raise_alert(request_id=request_id, kind=kind, about=about, now=now)
    return sorted(str(kind) for _id, kind, _about in due)


def test_reminder_comes_at_three_quarters_of_the_delay(pothole, expert):
    actions.take_request(request_id=pothole.pk, version=None, actor=expert)
    before = MONDAY + timedelta(days=67)
    assert AlertKind.DUE_SOON not in chase(before)
    assert AlertKind.DUE_SOON in chase(MONDAY + timedelta(days=68))


def test_each_event_alerts_once(pothole):
    late = pothole.due_at + timedelta(hours=1)
    first = chase(late)
    assert AlertKind.OVERDUE in first
    assert chase(late + timedelta(minutes=1)) == []
    raised = Alert.objects.get(request=pothole, kind=AlertKind.OVERDUE)
    assert (
        actions.raise_alert(
            request_id=pothole.pk, kind=AlertKind.OVERDUE, about=raised.about, now=late
        )
        is None
    )
    assert pothole.events.filter(verb="alert", data__kind="overdue").count() == 1


def test_request_waiting_for_the_citizen_is_never_escalated(pothole, eas_agent):
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    late = pothole.due_at + timedelta(days=30)
    # the law's clock runs on during a question: only that is told
    assert chase(late) == [AlertKind.IMPLICIT_DECISION]
    assert actions.due_interim_replies(now=late, limit=10) == []


def test_nothing_is_promised_for_a_document_that_waits_at_the_counter(certificate, eas_agent):
    actions.answer_request(
        request_id=certificate.pk,
        version=None,
        actor=eas_agent,
        body="Prêt.",
        outcome="positive",
        close=False,
        now=MONDAY,
    )
    actions.mark_ready(request_id=certificate.pk, version=None, actor=eas_agent, now=MONDAY)
    later = MONDAY + timedelta(days=80)
    assert actions.due_interim_replies(now=later, limit=10) == []
    assert actions.send_interim_reply(request_id=certificate.pk, now=later) is None
    assert chase(later) == []


def test_interim_reply_s_date_is_the_due_date_from_then_on(pothole):
    due = MONDAY + timedelta(days=80)
    told = actions.send_interim_reply(request_id=pothole.pk, now=due)
    assert told.due_at == due + timedelta(days=15)


def test_alert_cleared_while_still_true_stands_again_without_a_second_mail(pothole):
    late = pothole.due_at + timedelta(hours=1)
    chase(late)
    pothole.alerts.update(cleared_at=late)
    chase(late + timedelta(minutes=1))
    assert pothole.alerts.filter(kind=AlertKind.OVERDUE, cleared_at=None).exists()
    assert pothole.events.filter(verb="alert", data__kind="overdue").count() == 1
    assert chase(late + timedelta(minutes=2)) == []


def test_new_department_is_chased_for_itself(pothole, eas_agent):
    chase(pothole.department_due_at + timedelta(minutes=1))
    moved = actions.transfer_request(
        request_id=pothole.pk,
        version=None,
        actor=eas_agent,
        department=Department.objects.get(pk="espaces-verts"),
        now=pothole.department_due_at + timedelta(minutes=2),
    )
    assert not moved.alerts.filter(kind=AlertKind.EXPERT_LATE, cleared_at=None).exists()
    assert AlertKind.EXPERT_LATE in chase(moved.department_due_at + timedelta(minutes=1))


def test_moved_due_date_missed_again_is_another_event(pothole, eas_agent):
    late = pothole.due_at + timedelta(hours=1)
    chase(late)
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=late
    )
    back = actions.supply(request_id=pothole.pk, body="Ici", now=late + timedelta(days=2))
    assert not back.alerts.filter(kind=AlertKind.OVERDUE, cleared_at=None).exists()
    assert AlertKind.OVERDUE in chase(back.due_at + timedelta(hours=1))


def test_department_s_own_delay_alerts_the_department(pothole):
    assert AlertKind.EXPERT_LATE in chase(pothole.department_due_at + timedelta(minutes=1))


def test_request_nobody_took_for_a_working_day_alerts(certificate):
    assert chase(MONDAY + timedelta(hours=2)) == []
    assert chase(MONDAY + timedelta(days=1, hours=1)) == [AlertKind.UNASSIGNED]


def test_a_department_has_the_days_of_its_contract_to_take_a_request(pothole):
    assert chase(MONDAY + timedelta(days=1, hours=1)) == []
    assert chase(MONDAY + timedelta(days=2)) == [AlertKind.UNASSIGNED]


def test_a_serious_delay_is_told_apart(pothole):
    severe = pothole.arrived_at + (pothole.due_at - pothole.arrived_at) * 1.5
    assert AlertKind.SEVERELY_LATE not in chase(severe - timedelta(hours=2))
    assert AlertKind.SEVERELY_LATE in chase(severe + timedelta(minutes=1))


def test_three_times_late_is_told_apart(pothole):
    threefold = pothole.arrived_at + (pothole.due_at - pothole.arrived_at) * 3
    before = chase(threefold - timedelta(hours=2))
    assert AlertKind.SEVERELY_LATE in before
    assert AlertKind.THREE_TIMES_LATE not in before
    assert AlertKind.THREE_TIMES_LATE in chase(threefold + timedelta(minutes=1))


def test_what_nobody_has_qualified_is_chased_too(pothole):
    ServiceRequest.objects.filter(pk=pothole.pk).update(
        state=State.A_QUALIFIER, department=None, department_since=None
    )
    assert AlertKind.UNASSIGNED in chase(MONDAY + timedelta(days=2))


def test_entered_late_already_only_the_graver_alert_is_raised(pothole):
    found = chase(pothole.due_at + (pothole.due_at - pothole.arrived_at))
    assert AlertKind.SEVERELY_LATE in found
    assert AlertKind.OVERDUE not in found


def test_implicit_decision_warns_seven_days_before(pothole):
    assert AlertKind.IMPLICIT_DECISION in chase(MONDAY + timedelta(days=52))
    assert AlertKind.IMPLICIT_DECISION not in chase(MONDAY + timedelta(days=51))


def test_interim_reply_leaves_before_two_months_and_once(pothole):
    assert actions.due_interim_replies(now=MONDAY + timedelta(days=51), limit=10) == []
    due = MONDAY + timedelta(days=52)
    assert actions.due_interim_replies(now=due, limit=10) == [pothole.pk]
    assert actions.send_interim_reply(request_id=pothole.pk, now=due)
    assert actions.send_interim_reply(request_id=pothole.pk, now=due) is None
    assert pothole.events.filter(verb="interim").count() == 1
    assert actions.due_interim_replies(now=due, limit=10) == []


def test_closed_request_alerts_no_more(certificate, eas_agent):
    chase(certificate.due_at + timedelta(hours=1))
    actions.answer_request(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Voici.", outcome="positive"
    )
    assert not certificate.alerts.filter(cleared_at=None).exists()
    assert chase(certificate.due_at + timedelta(days=9)) == []


def test_beat_stopped_for_a_day_catches_up_in_order_and_in_portions(file):
    filed = [
        file("acte-naissance-filiation", demandeur=PERSON, now=MONDAY + timedelta(minutes=n))
        for n in range(5)
    ]
    for service_request in filed:
        actions.route_request(request_id=service_request.pk, now=MONDAY)
    late = max(service_request.due_at for service_request in filed) + timedelta(hours=1)
    overdue = [
        request_id
        for request_id, kind, _about in actions.due_alerts(
            now=late, calendar=WorkingCalendar(), limit=3
        )
        if kind == AlertKind.OVERDUE
    ]
    assert overdue == [service_request.pk for service_request in filed[:3]]


def test_acknowledgement_is_marked_once(certificate):
    actions.acknowledge(request_id=certificate.pk, now=MONDAY)
    actions.acknowledge(request_id=certificate.pk, now=MONDAY + timedelta(days=1))
    certificate.refresh_from_db()
    assert certificate.acknowledged_at == MONDAY
    assert certificate.events.filter(verb="acknowledge").count() == 1


def test_acknowledgement_does_not_make_an_open_form_stale(certificate):
    seen = certificate.version
    acknowledged = actions.acknowledge(request_id=certificate.pk)
    assert acknowledged.version == seen


def test_an_acknowledgement_still_owed_is_told_before_its_ten_working_days_end(file):
    """Monday 12 January: the ten working days end on Monday the 26th."""
    owed = file("acte-naissance-filiation", demandeur=PERSON)
    wednesday = MONDAY + timedelta(days=9)
    assert AlertKind.UNACKNOWLEDGED not in chase(wednesday - timedelta(days=1))
    assert AlertKind.UNACKNOWLEDGED in chase(wednesday)
    actions.acknowledge(request_id=owed.pk, now=wednesday)
    assert not Alert.objects.filter(kind=AlertKind.UNACKNOWLEDGED, cleared_at=None).exists()
    assert AlertKind.UNACKNOWLEDGED not in chase(wednesday + timedelta(days=1))


def test_who_cannot_be_written_to_is_owed_no_acknowledgement(pothole):
    assert AlertKind.UNACKNOWLEDGED not in chase(MONDAY + timedelta(days=20))
