"""The target's clock and the law's: what stops each, and what starts it again."""

from datetime import date, datetime, timedelta

import pytest

from prestations.calendars import PARIS, WorkingCalendar
from prestations.enums import Role
from prestations.models import Prestation
from prestations.privacy import RIGHTS_PRESTATION
from requests import actions
from requests.enums import AlertKind, PieceFault, State, Verb
from requests.exceptions import MissingInput
from requests.models import ServiceRequest
from tests.factories.users import make_agent
from tests.requests.actions.conftest import MONDAY, PERSON
from tests.requests.actions.support import ask_one_piece

pytestmark = pytest.mark.django_db


def test_clock_stays_stopped_until_the_last_piece(pothole, expert):
    actions.ask_pieces(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        pieces=[{"document_code": "a", "label": "Photo"}, {"document_code": "b", "label": "Plan"}],
        due_on=date(2026, 2, 15),
        now=MONDAY,
    )
    first, second = pothole.pieces.all()
    assert (
        actions.supply(
            request_id=pothole.pk, received_pieces=[first.pk], now=MONDAY + timedelta(days=1)
        ).state
        == State.ATTENTE_PIECES
    )
    assert (
        actions.supply(
            request_id=pothole.pk, received_pieces=[second.pk], now=MONDAY + timedelta(days=2)
        ).state
        == State.TRANSMISE
    )


def test_rejection_clock_is_suspended_while_pieces_are_missing(pothole, expert):
    before = pothole.implicit_decision_at
    asked = ask_one_piece(pothole, expert, MONDAY + timedelta(days=10))
    back = actions.supply(
        request_id=pothole.pk,
        received_pieces=[asked.pieces.get().pk],
        now=MONDAY + timedelta(days=15),
    )
    assert back.implicit_decision_at == before + timedelta(days=5)


def test_acceptance_clock_starts_anew_when_the_file_is_complete(file, eas_agent):
    filed = file("famille-inscription-periscolaire", demandeur=PERSON)
    actions.route_request(request_id=filed.pk, now=MONDAY)
    asked = ask_one_piece(filed, eas_agent, MONDAY + timedelta(days=3))
    assert asked.implicit_decision_at is None
    back = actions.supply(
        request_id=filed.pk,
        received_pieces=[asked.pieces.get().pk],
        now=datetime(2026, 1, 20, 9, 0, tzinfo=PARIS),
    )
    assert back.implicit_decision_at == date(2026, 3, 20)


def test_acceptance_clock_goes_on_where_it_stood_when_the_file_was_only_to_be_corrected(
    file, eas_agent
):
    # 12 January and two months: 12 March; stopped from 15 to 20 January: five days
    filed = file("famille-inscription-periscolaire", demandeur=PERSON)
    actions.route_request(request_id=filed.pk, now=MONDAY)
    asked = ask_one_piece(filed, eas_agent, MONDAY + timedelta(days=3), fault=PieceFault.INCORRECT)
    assert asked.implicit_decision_at == date(2026, 3, 12)
    back = actions.supply(
        request_id=filed.pk,
        received_pieces=[asked.pieces.get().pk],
        now=datetime(2026, 1, 20, 9, 0, tzinfo=PARIS),
    )
    assert (back.implicit_decision_at, back.completed_at) == (date(2026, 3, 17), None)


def test_day_set_for_a_correction_passes_and_an_acceptance_s_clock_runs_again(file, eas_agent):
    # stopped from 15 January to 15 February, the day set: 31 days after 12 March
    filed = file("famille-inscription-periscolaire", demandeur=PERSON)
    actions.route_request(request_id=filed.pk, now=MONDAY)
    ask_one_piece(filed, eas_agent, MONDAY + timedelta(days=3), fault=PieceFault.INCORRECT)
    actions.raise_alert(
        request_id=filed.pk,
        kind=AlertKind.PIECES_OVERDUE,
        about="2026-02-15",
        now=datetime(2026, 2, 16, 9, 0, tzinfo=PARIS),
    )
    filed.refresh_from_db()
    assert (filed.implicit_decision_at, filed.legal_paused_at) == (date(2026, 4, 12), None)


def test_what_was_corrected_before_no_longer_counts_once_the_file_was_incomplete(file, eas_agent):
    # complete on 26 January: two months from there, whatever was stopped before
    filed = file("famille-inscription-periscolaire", demandeur=PERSON)
    actions.route_request(request_id=filed.pk, now=MONDAY)
    for fault, asked_on, came_on in (
        (PieceFault.INCORRECT, 15, 20),
        (PieceFault.INCOMPLETE, 21, 26),
    ):
        asked = ask_one_piece(
            filed, eas_agent, datetime(2026, 1, asked_on, 9, tzinfo=PARIS), fault=fault
        )
        back = actions.supply(
            request_id=filed.pk,
            received_pieces=[asked.pieces.last().pk],
            now=datetime(2026, 1, came_on, 9, tzinfo=PARIS),
        )
    assert back.implicit_decision_at == date(2026, 3, 26)


def test_question_pauses_the_target_but_not_the_law(pothole, eas_agent):
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    back = actions.receive_message(
        request_id=pothole.pk, body="Devant le 12.", now=MONDAY + timedelta(days=2)
    )
    assert back.state == State.TRANSMISE
    assert back.due_at == pothole.due_at + timedelta(days=2)
    assert back.implicit_decision_at == pothole.implicit_decision_at


def test_piece_due_today_or_before_is_refused(pothole, expert):
    with pytest.raises(MissingInput):
        actions.ask_pieces(
            request_id=pothole.pk,
            version=None,
            actor=expert,
            pieces=[{"label": "Photo"}],
            due_on=date(2026, 1, 12),
            now=MONDAY,
        )


def test_urgent_shortens_the_target_and_keeps_pauses(pothole, eas_agent):
    actions.ask_question(
        request_id=pothole.pk, version=None, actor=eas_agent, body="Où ?", now=MONDAY
    )
    actions.supply(request_id=pothole.pk, body="Ici", now=MONDAY + timedelta(days=2))
    urgent = actions.set_urgent(
        request_id=pothole.pk, version=None, actor=eas_agent, urgent=True, now=MONDAY
    )
    assert urgent.due_at == MONDAY + timedelta(days=3)


def test_rejection_clock_runs_again_from_the_day_set_even_when_pieces_come_later(pothole, expert):
    before = pothole.implicit_decision_at
    asked = ask_one_piece(pothole, expert, MONDAY + timedelta(days=10))
    late = actions.supply(
        request_id=pothole.pk,
        received_pieces=[asked.pieces.get().pk],
        now=datetime(2026, 3, 2, 9, 0, tzinfo=PARIS),
    )
    assert late.implicit_decision_at == before + timedelta(days=24)


def test_day_set_for_pieces_passes_and_the_law_s_clock_runs_again_by_itself(pothole, expert):
    before = pothole.implicit_decision_at
    ask_one_piece(pothole, expert, MONDAY + timedelta(days=10))
    now = datetime(2026, 2, 16, 9, 0, tzinfo=PARIS)
    due = [
        (request_id, kind, about)
        for request_id, kind, about in actions.due_alerts(
            now=now, calendar=WorkingCalendar(), limit=10
        )
        if kind == "pieces-overdue"
    ]
    assert [request_id for request_id, _kind, _about in due] == [pothole.pk]
    actions.raise_alert(request_id=pothole.pk, kind=due[0][1], about=due[0][2], now=now)
    pothole.refresh_from_db()
    assert pothole.implicit_decision_at == before + timedelta(days=24)
    assert (pothole.state, pothole.legal_paused_at) == (State.ATTENTE_PIECES, None)


def test_urgency_leaves_the_legal_dates_alone(pothole, expert, eas_agent):
    asked = ask_one_piece(pothole, expert, MONDAY + timedelta(days=10))
    back = actions.supply(
        request_id=pothole.pk,
        received_pieces=[asked.pieces.get().pk],
        now=MONDAY + timedelta(days=15),
    )
    urgent = actions.set_urgent(
        request_id=pothole.pk, version=None, actor=eas_agent, urgent=True, now=MONDAY
    )
    assert urgent.implicit_decision_at == back.implicit_decision_at


def test_file_incomplete_at_filing_becomes_complete_when_its_documents_come(file, eas_agent):
    filed = file(
        "famille-inscription-periscolaire", demandeur=PERSON, missing_documents=["livret-famille"]
    )
    actions.route_request(request_id=filed.pk, now=MONDAY)
    assert filed.implicit_decision_at is None
    piece = filed.pieces.get()
    assert Verb.SUPPLY in actions.allowed_verbs(ServiceRequest.objects.get(pk=filed.pk), eas_agent)
    back = actions.supply(
        request_id=filed.pk,
        actor=eas_agent,
        received_pieces=[piece.pk],
        now=datetime(2026, 1, 20, 9, 0, tzinfo=PARIS),
    )
    assert back.implicit_decision_at == date(2026, 3, 20)
    assert back.state == State.EN_COURS


def test_reopened_request_starts_new_clocks(pothole, expert, eas_agent):
    actions.treat_request(
        request_id=pothole.pk, version=None, actor=expert, conclusion="Fait", outcome="positive"
    )
    actions.answer_request(
        request_id=pothole.pk,
        version=None,
        actor=eas_agent,
        body="Fait.",
        outcome="positive",
        now=MONDAY + timedelta(days=60),
    )
    now = MONDAY + timedelta(days=65)
    again = actions.reopen_request(
        request_id=pothole.pk, reason="Encore là", by_requester=True, now=now
    )
    assert (again.implicit_decision_at, again.conclusion) == (None, "")
    assert again.interim_due_at == now + timedelta(days=55)


def answered(pothole, expert, eas_agent) -> dict:
    """Answer a pothole on Monday; returns how verbs name it."""
    common = {"request_id": pothole.pk, "version": None}
    told = {"outcome": "positive", "now": MONDAY}
    actions.treat_request(**common, actor=expert, conclusion="Fait", **told)
    actions.answer_request(**common, actor=eas_agent, body="Fait.", **told)
    return common


def test_urgency_of_a_reopened_request_counts_from_its_reopening(pothole, expert, eas_agent):
    common = answered(pothole, expert, eas_agent)
    later = MONDAY + timedelta(days=14)
    actions.reopen_request(request_id=pothole.pk, by_requester=True, reason="Non.", now=later)
    urgent = actions.set_urgent(**common, actor=eas_agent, urgent=True, now=later)
    calm = actions.set_urgent(**common, actor=eas_agent, urgent=False, now=later)
    assert later < urgent.due_at < calm.due_at == datetime(2026, 4, 26, 10, 0, tzinfo=PARIS)


def test_silence_decides_nothing_of_a_reopened_request_whatever_is_asked_of_it(
    pothole, expert, eas_agent
):
    common = answered(pothole, expert, eas_agent)
    reopened = actions.reopen_request(
        request_id=pothole.pk, reason="Non.", actor=eas_agent, now=MONDAY
    )
    ask_one_piece(pothole, eas_agent, MONDAY)
    actions.supply(
        request_id=pothole.pk,
        received_pieces=list(pothole.pieces.values_list("pk", flat=True)),
        now=MONDAY + timedelta(days=1),
    )
    moved = actions.qualify_request(
        **common,
        actor=eas_agent,
        prestation=Prestation.objects.get(pk="voirie-graffitis"),
        now=MONDAY + timedelta(days=1),
    )
    assert (moved.silence_effect, moved.implicit_decision_at) == ("none", None)
    assert moved.interim_due_at == reopened.interim_due_at


def test_urgency_keeps_the_date_that_an_interim_reply_has_told(certificate, eas_agent):
    told_at = MONDAY + timedelta(days=56)
    told = actions.send_interim_reply(request_id=certificate.pk, now=told_at)
    again = actions.set_urgent(
        request_id=certificate.pk, version=None, actor=eas_agent, urgent=False, now=told_at
    )
    assert again.due_at == told.due_at == told_at + timedelta(days=15)


def test_urgency_keeps_an_extension_that_the_person_was_told_of(file, supervisor):
    filed = file(RIGHTS_PRESTATION, demandeur=PERSON)
    common = {"request_id": filed.pk, "version": None}
    officer = make_agent(Role.DPO, first_name="Léa", last_name="Marchand")
    longer = actions.extend_request(**common, actor=officer, reason="Volume.", now=MONDAY)
    again = actions.set_urgent(**common, actor=supervisor, urgent=False, now=MONDAY)
    assert again.due_at == longer.due_at == datetime(2026, 4, 13, 10, 0, tzinfo=PARIS)
