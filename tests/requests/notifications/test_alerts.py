"""Internal mail about deadlines: to those concerned, once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.actions.preferences import choose_alert_mail
from backoffice.presenting import delay_status
from prestations.calendars import WorkingCalendar
from prestations.enums import AlertMail
from prestations.models import EscalationStep
from requests import actions
from requests.enums import TASK_ALERTS, AlertKind
from requests.letters.rendering import Rendered
from requests.models import ServiceRequest
from requests.notifications.sending import mail_staff
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


@pytest.fixture
def with_roads(catalogue, head, supervisor, expert):
    """A pothole at the roads department, taken by its agent."""
    filed = file_request("voirie-intervention-rapide", now=timezone.now())
    drain_outbox()
    actions.take_request(request_id=filed.pk, version=None, actor=expert)
    drain_outbox()
    return ServiceRequest.objects.get(pk=filed.pk)


def _alert(service_request, kind, about="2026-11-30"):
    actions.raise_alert(request_id=service_request.pk, kind=kind, about=about)


def _wants_each(*people):
    for person in people:
        choose_alert_mail(user=person, choice=AlertMail.EACH)


def _late(service_request):
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        due_at=timezone.now() - timedelta(days=3)
    )


def test_before_the_due_date_the_case_officer_is_reminded_once(with_roads, expert, mails):
    _wants_each(expert)
    _alert(with_roads, AlertKind.DUE_SOON)
    _alert(with_roads, AlertKind.DUE_SOON)
    (sent,) = mails()
    assert sent.to == [expert.email]
    assert f"/agent/demandes/{with_roads.reference}/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_past_the_due_date_the_head_and_the_front_offices_manager_are_told(
    with_roads, head, supervisor, expert, mails
):
    _wants_each(head, supervisor, expert)
    _late(with_roads)
    _alert(with_roads, AlertKind.OVERDUE)
    sent = mails()
    assert {mail.to[0] for mail in sent} == {head.email, supervisor.email, expert.email}
    assert "en retard de 3 jours" in sent[0].subject


def test_the_mail_counts_days_as_the_screen_does(with_roads, mails):
    ServiceRequest.objects.filter(pk=with_roads.pk).update(
        due_at=timezone.now() - timedelta(days=6, hours=23, minutes=30)
    )
    with_roads.refresh_from_db()
    _alert(with_roads, AlertKind.SEVERELY_LATE)
    _status, days = delay_status(with_roads, timezone.now())
    assert f"en retard de {days} jours" in mails()[0].subject


def test_a_late_department_is_reminded(with_roads, head, expert, mails):
    _wants_each(head, expert)
    _alert(with_roads, AlertKind.EXPERT_LATE)
    assert {mail.to[0] for mail in mails()} == {head.email, expert.email}


def test_an_unassigned_request_is_told_to_those_who_assign(with_roads, head, supervisor, mails):
    _wants_each(head, supervisor)
    ServiceRequest.objects.filter(pk=with_roads.pk).update(assignee=None)
    _alert(with_roads, AlertKind.UNASSIGNED)
    sent = mails()
    assert {mail.to[0] for mail in sent} == {head.email, supervisor.email}
    assert "nommer un chargé de dossier" in sent[0].body


def test_the_implicit_decision_is_told_with_its_date(with_roads, mails):
    _alert(with_roads, AlertKind.IMPLICIT_DECISION)
    sent = mails()
    assert sent
    assert all("Décision implicite" in mail.body for mail in sent)


def test_what_is_not_grave_waits_for_the_mail_of_the_day(with_roads, mails):
    _late(with_roads)
    _alert(with_roads, AlertKind.OVERDUE)
    assert mails() == []


def test_every_kind_of_alert_has_its_step_on_the_ladder(catalogue):
    told = set(AlertKind.values) - {AlertKind.INTERIM_REPLY, *TASK_ALERTS}
    assert set(EscalationStep.objects.values_list("code", flat=True)) == told


def test_the_ladder_says_who_is_told_and_from_which_share(with_roads, head, expert, mails):
    EscalationStep.objects.filter(pk=AlertKind.SEVERELY_LATE).update(share=1.2, told=["chef"])
    severe = with_roads.arrived_at + (with_roads.due_at - with_roads.arrived_at) * 1.3
    due = actions.due_alerts(now=severe, calendar=WorkingCalendar(), limit=9)
    assert AlertKind.SEVERELY_LATE in [kind for _id, kind, _about in due]
    _alert(with_roads, AlertKind.SEVERELY_LATE)
    assert [mail.to for mail in mails()] == [[head.email]]


def test_an_agent_who_left_is_not_written_to(with_roads, expert, supervisor, mails):
    _wants_each(expert)
    expert.is_active = False
    expert.save()
    _alert(with_roads, AlertKind.DUE_SOON)
    assert expert.email not in {mail.to[0] for mail in mails()}


@pytest.mark.parametrize(("restricted", "asked"), [(False, 0), (True, 1)])
def test_who_may_be_told_is_asked_once_whatever_their_number(
    with_roads, expert, head, supervisor, restricted, asked
):
    with_roads.prestation.restricted = restricted
    words = Rendered(code="told", subject="Objet", body="Texte")
    with CaptureQueriesContext(connection) as captured:
        mail_staff([expert, head, supervisor], words, key="told", service_request=with_roads)
    assert len([one for one in captured if "rightholder" in one["sql"]]) == asked
