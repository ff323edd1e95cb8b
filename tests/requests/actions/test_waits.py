"""What the requester is awaited for: an answer to a question, or their coming to collect."""

from datetime import date, datetime

import pytest

from prestations.calendars import PARIS, WorkingCalendar
from prestations.models import ClosingReason
from requests import actions
from requests.enums import AlertKind, State, Verb
from requests.exceptions import IllegalTransition
from tests.helpers import drain_outbox
from tests.requests.actions.conftest import PERSON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=PARIS)


def kinds(now: datetime) -> list[str]:
    due = actions.due_alerts(now=now, calendar=WorkingCalendar(), limit=100)
    return [str(kind) for _id, kind, _about in due]


def close_uncollected(service_request, actor, now: datetime):
    return actions.close_request(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        closing_reason=ClosingReason.objects.get(pk="non-retire"),
        motive="Votre titre n'a pas été retiré.",
        template="cloture-sans-suite",
        now=now,
    )


@pytest.fixture
def identity_card(file, eas_agent):
    """Ready on 2 March 2026; its letter names the usual last day."""
    filed = file("cni-mairie-annexe", demandeur=PERSON)
    actions.route_request(request_id=filed.pk, now=at(1, 12))
    return actions.mark_ready(request_id=filed.pk, version=None, actor=eas_agent, now=at(3, 2))


def test_a_document_waits_three_months_and_not_ninety_days(identity_card):
    # 2 March and three months: 2 June (ninety days would end on 31 May); reminded a month before
    assert identity_card.awaited_until == date(2026, 6, 2)
    assert identity_card.remind_at == at(5, 2, 8)


def test_its_requester_is_reminded_once_with_the_last_day(identity_card, mailoutbox):
    drain_outbox()
    mailoutbox.clear()
    assert actions.due_reminders(now=at(5, 2, 7), limit=9) == []
    assert actions.due_reminders(now=at(5, 2), limit=9) == [identity_card.pk]
    actions.send_reminder(request_id=identity_card.pk, now=at(5, 2))
    assert actions.send_reminder(request_id=identity_card.pk, now=at(5, 3)) is None
    drain_outbox()
    (sent,) = mailoutbox
    assert sent.to == [PERSON["email"]]
    assert "au plus tard le mardi 2 juin 2026" in sent.body
    assert "il sera détruit" in sent.body


def test_after_the_last_day_its_agent_is_told_to_close(identity_card):
    actions.send_reminder(request_id=identity_card.pk, now=at(5, 2))
    assert AlertKind.UNCOLLECTED not in kinds(at(6, 2))
    assert AlertKind.UNCOLLECTED in kinds(at(6, 3))


def test_it_is_closed_as_uncollected_only_after_its_last_day(identity_card, eas_agent):
    with pytest.raises(IllegalTransition, match="2 juin"):
        close_uncollected(identity_card, eas_agent, at(6, 2))
    closed = close_uncollected(identity_card, eas_agent, at(6, 3))
    assert (closed.state, closed.closing_reason_id) == (State.CLOSE, "non-retire")
    assert closed.awaited_until is None


def test_what_waits_for_nobody_is_not_uncollected(certificate, eas_agent):
    with pytest.raises(IllegalTransition):
        close_uncollected(certificate, eas_agent, at(3, 1))


def test_the_letter_s_own_last_day_counts(certificate, eas_agent):
    ready = actions.mark_ready(
        request_id=certificate.pk,
        version=None,
        actor=eas_agent,
        fields={"retrait.date_limite": "2026-01-30"},
        now=at(1, 13),
    )
    # less than a month to come: no reminder
    assert (ready.awaited_until, ready.remind_at) == (date(2026, 1, 30), None)


def test_an_open_question_is_asked_again_after_its_day_then_its_agent_is_told(
    certificate, eas_agent, mailoutbox
):
    # asked on 12 January, open for fifteen days: 27 January; asked again on the 28th, until
    # 12 February
    asked = actions.ask_question(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Né où ?", now=at(1, 12)
    )
    assert (asked.awaited_until, asked.remind_at) == (date(2026, 1, 27), at(1, 28, 8))
    drain_outbox()
    mailoutbox.clear()
    assert AlertKind.QUESTION_UNANSWERED not in kinds(at(1, 28))
    again = actions.send_reminder(request_id=certificate.pk, now=at(1, 28))
    assert again.awaited_until == date(2026, 2, 12)
    drain_outbox()
    (sent,) = mailoutbox
    assert "Né où ?" in sent.body
    assert "au plus tard le jeudi 12 février 2026" in sent.body
    assert AlertKind.QUESTION_UNANSWERED not in kinds(at(2, 12))
    assert kinds(at(2, 13)) == [AlertKind.QUESTION_UNANSWERED]


def test_an_answer_ends_reminder_and_alert(certificate, eas_agent):
    actions.ask_question(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Né où ?", now=at(1, 12)
    )
    back = actions.receive_message(request_id=certificate.pk, body="À Massy.", now=at(1, 20))
    assert (back.awaited_until, back.remind_at) == (None, None)
    assert actions.due_reminders(now=at(2, 20), limit=9) == []
    assert not back.events.filter(verb=Verb.REMIND).exists()
