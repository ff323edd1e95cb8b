"""Internal mail about deadlines: to those concerned, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.presenting import delay_status
from requests import actions
from requests.enums import AlertKind
from requests.models import ServiceRequest
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db


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


def _late(service_request):
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        due_at=timezone.now() - timedelta(days=3)
    )


def test_before_the_due_date_the_case_officer_is_reminded_once(with_roads, expert, mails):
    _alert(with_roads, AlertKind.DUE_SOON)
    _alert(with_roads, AlertKind.DUE_SOON)
    (sent,) = mails()
    assert sent.to == [expert.email]
    assert f"/agent/demandes/{with_roads.reference}/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_past_the_due_date_the_head_and_the_front_offices_manager_are_told(
    with_roads, head, supervisor, expert, mails
):
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
    _alert(with_roads, AlertKind.EXPERT_LATE)
    assert {mail.to[0] for mail in mails()} == {head.email, expert.email}


def test_an_unassigned_request_is_told_to_those_who_assign(with_roads, head, supervisor, mails):
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


def test_an_agent_who_left_is_not_written_to(with_roads, expert, supervisor, mails):
    expert.is_active = False
    expert.save()
    _alert(with_roads, AlertKind.DUE_SOON)
    assert expert.email not in {mail.to[0] for mail in mails()}
