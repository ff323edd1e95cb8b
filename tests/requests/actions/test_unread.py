"""What the requester sends waits to be read until an agent acts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from prestations.enums import Channel
from requests import actions
from requests.enums import AlertKind
from requests.models import Attachment, ServiceRequest
from tests.requests.actions.conftest import MONDAY

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(days=1)


def unread_since(service_request):
    return ServiceRequest.objects.get(pk=service_request.pk).unread_since


def write(service_request, now=LATER):
    actions.receive_message(request_id=service_request.pk, body="Et alors ?", now=now)


def answer(service_request, actor):
    actions.answer_request(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        body="Voici.",
        outcome="positive",
        now=LATER,
    )


def test_a_filing_is_no_message(certificate, pothole):
    assert unread_since(certificate) is None
    assert unread_since(pothole) is None


def test_the_first_unread_message_dates_the_wait(certificate):
    write(certificate)
    write(certificate, LATER + timedelta(hours=3))
    assert unread_since(certificate) == LATER


def test_a_document_without_words_waits_to_be_read(certificate):
    photo = Attachment.objects.create(
        name="livret.pdf",
        media_type="application/pdf",
        size=9,
        sha256="0" * 64,
    )
    actions.receive_message(request_id=certificate.pk, body="", attachments=[photo], now=LATER)
    assert unread_since(certificate) == LATER


def test_an_answer_to_a_question_waits_to_be_read(certificate, eas_agent):
    actions.ask_question(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    actions.supply(request_id=certificate.pk, body="À Massy.", now=LATER)
    assert unread_since(certificate) == LATER


def test_what_an_agent_enters_for_the_requester_has_been_read(certificate, eas_agent):
    actions.ask_question(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    actions.supply(
        request_id=certificate.pk, body="À Massy.", actor=eas_agent, channel=Channel.TELEPHONE
    )
    assert unread_since(certificate) is None


def test_a_reopening_by_the_requester_waits_to_be_read(certificate, eas_agent):
    answer(certificate, eas_agent)
    again = LATER + timedelta(days=2)
    actions.reopen_request(
        request_id=certificate.pk, reason="Il manque une page.", by_requester=True, now=again
    )
    assert unread_since(certificate) == again


@pytest.mark.parametrize("act", ["note", "write", "answer"])
def test_an_agents_act_reads_it(certificate, eas_agent, act):
    write(certificate)
    if act == "note":
        actions.add_note(request_id=certificate.pk, actor=eas_agent, body="Rappelée.")
    elif act == "write":
        actions.write_message(
            request_id=certificate.pk, version=None, actor=eas_agent, body="Bientôt."
        )
    else:
        answer(certificate, eas_agent)
    assert unread_since(certificate) is None


def test_acts_of_the_system_read_nothing(certificate):
    write(certificate)
    actions.raise_alert(
        request_id=certificate.pk, kind=AlertKind.OVERDUE, about="2026-01-20", now=timezone.now()
    )
    assert unread_since(certificate) == LATER


def test_new_messages_are_read_from_their_own_small_index(certificate):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = ServiceRequest.objects.unread().order_by("due_at", "id").explain()
    assert "request_unread_due" in plan
