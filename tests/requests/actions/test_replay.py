"""Whatever is done to a request, in whatever order, its log replays to what it is (R24)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prestations.models import ClosingReason, Department, Prestation
from requests import actions
from requests.enums import AlertKind, State, Verb
from requests.event_log import breaks
from requests.exceptions import RequestError
from requests.models import ServiceRequest
from requests.workflow import TRANSITIONS
from tests.requests.actions.conftest import MONDAY, PERSON

pytestmark = pytest.mark.django_db

ROADS, PARKS = "voirie-assainissement", "espaces-verts"


def by_agent(action, **given_values):
    """The act of an agent, on the version that is there."""

    def act(sr, actor, now):
        return action(request_id=sr.pk, version=sr.version, actor=actor, now=now, **given_values)

    return act


def ask_pieces(sr, actor, now):
    piece = {"document_code": "photo", "label": "Une photo"}
    return actions.ask_pieces(
        request_id=sr.pk,
        version=None,
        actor=actor,
        pieces=[piece],
        due_on=now.date() + timedelta(days=15),
        now=now,
    )


def supply(sr, actor, now):
    pieces = list(sr.pieces.filter(received_at=None).values_list("pk", flat=True)[:1])
    return actions.supply(request_id=sr.pk, body="Voici.", received_pieces=pieces, now=now)


def refuse_question(sr, actor, now):
    question = sr.proposed_questions.order_by("-pk").first()
    return question and actions.refuse_question(
        question_id=question.pk, version=None, actor=actor, now=now
    )


def decide(action, **given_values):
    def act(sr, actor, now):
        decision = actions.pending_decision(sr)
        return decision and action(
            decision_id=decision.pk, version=None, actor=actor, now=now, **given_values
        )

    return act


def close(code, motive=""):
    def act(sr, actor, now):
        reason = ClosingReason.objects.get(pk=code)
        return actions.close_request(
            request_id=sr.pk,
            version=None,
            actor=actor,
            closing_reason=reason,
            motive=motive,
            now=now,
        )

    return act


def transfer(code):
    def act(sr, actor, now):
        return actions.transfer_request(
            request_id=sr.pk,
            version=None,
            actor=actor,
            department=Department.objects.get(pk=code),
            now=now,
        )

    return act


def qualify(sr, actor, now):
    prestation = Prestation.objects.get(pk="voirie-graffitis")
    return actions.qualify_request(
        request_id=sr.pk, version=None, actor=actor, prestation=prestation, now=now
    )


def ask_parks(sr, actor, now):
    return actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=actor,
        departments=[Department.objects.get(pk=PARKS)],
        kind="work",
        asked="Tailler.",
        due_on=now.date(),
        now=now,
    )


def on_task(action, **given_values):
    def act(sr, actor, now):
        task = sr.tasks.order_by("-pk").first()
        return task and action(
            request_id=sr.pk, version=None, actor=actor, task=task.pk, now=now, **given_values
        )

    return act


def undone(act):
    """The same act, taken back at once when it has sent something."""

    def do(sr, actor, now):
        _done, sending = actions.send_undoable(
            request_id=sr.pk,
            actor=actor,
            act="answer",
            typed={},
            perform=lambda: act(sr, actor, now),
            now=now,
        )
        soon = now + timedelta(seconds=5)
        return sending and actions.undo_sending(sending_id=sending.pk, actor=actor, now=soon)

    return do


ACTS = {
    "ask task": ask_parks,
    "accept task": on_task(actions.accept_task),
    "decline task": on_task(actions.decline_task, note="Non."),
    "conclude task": on_task(actions.conclude_task, conclusion="Fait."),
    "cancel task": on_task(actions.cancel_task),
    "route": lambda sr, actor, now: actions.route_request(request_id=sr.pk, now=now),
    "acknowledge": lambda sr, actor, now: actions.acknowledge(request_id=sr.pk, now=now),
    "alert": lambda sr, actor, now: actions.raise_alert(
        request_id=sr.pk, kind=AlertKind.OVERDUE, about=now.isoformat(), now=now
    ),
    "interim": lambda sr, actor, now: actions.send_interim_reply(request_id=sr.pk, now=now),
    "remind": lambda sr, actor, now: actions.send_reminder(request_id=sr.pk, now=now),
    "supply": supply,
    "receive": lambda sr, actor, now: actions.receive_message(
        request_id=sr.pk, body="Alors ?", now=now
    ),
    "withdraw": lambda sr, actor, now: actions.withdraw_request(request_id=sr.pk, now=now),
    "reopen": lambda sr, actor, now: actions.reopen_request(
        request_id=sr.pk, by_requester=True, reason="Rien n’est fait.", now=now
    ),
    "rate": lambda sr, actor, now: actions.rate_request(
        request_id=sr.pk, score=3, solved=True, now=now
    ),
    "note": lambda sr, actor, now: actions.add_note(
        request_id=sr.pk, actor=actor, body="Vu.", now=now
    ),
    "ask pieces": ask_pieces,
    "qualify": qualify,
    "refuse question": refuse_question,
    "sign": decide(actions.sign_decision),
    "send back": decide(actions.send_back_decision, reason="À motiver."),
    "close": close("satisfaite"),
    "close without": close("refusee", motive="Hors délai."),
    "to the roads": transfer(ROADS),
    "to the parks": transfer(PARKS),
    "take": by_agent(actions.take_request),
    "return": by_agent(actions.return_request, note="Pas à nous."),
    "ask question": by_agent(actions.ask_question, body="Où ?"),
    "propose question": by_agent(actions.propose_question, body="Où ?"),
    "wait": by_agent(actions.wait_third_party),
    "resume": by_agent(actions.resume_request),
    "appointment": by_agent(
        actions.set_appointment, at=datetime.combine(date(2026, 6, 1), MONDAY.timetz())
    ),
    "submit": by_agent(actions.submit_approval),
    "treat": by_agent(actions.treat_request, conclusion="Rebouché.", outcome="positive"),
    "ready": by_agent(actions.mark_ready),
    "write": by_agent(actions.write_message, body="C’est prévu."),
    "urgent": by_agent(actions.set_urgent, urgent=True),
    "answer": by_agent(actions.answer_request, body="C’est fait.", outcome="positive"),
    "refuse": by_agent(actions.answer_request, body="Article 2.", outcome="negative"),
    "snooze": lambda sr, actor, now: actions.snooze_request(
        request_id=sr.pk, actor=actor, preset="week", reason="Attendre le devis.", now=now
    ),
    "end snooze": lambda sr, actor, now: actions.end_snooze(request_id=sr.pk, actor=actor, now=now),
    "bring back": lambda sr, actor, now: actions.bring_back(
        request_id=sr.pk, now=now + timedelta(days=9)
    ),
    "cancel": by_agent(actions.cancel_request, reason="Essai."),
}
REFUSED = (RequestError, ServiceRequest.DoesNotExist)


def replay(sr) -> tuple[str, int]:
    """The state and the number of events that the log alone leads to."""
    state, count, began = "", 0, {}
    for event in sr.events.order_by("number"):
        assert (event.number, event.from_state) == (count + 1, state)
        began[event.number] = state
        if event.verb == Verb.UNSEND:
            assert event.to_state == began[event.data["first"]]
        elif event.to_state != state and state:
            assert event.to_state in TRANSITIONS[State(state)]
        state, count = event.to_state, event.number
    return state, count


@pytest.fixture
def cast(eas_agent, supervisor, expert, head, other_expert):
    return [eas_agent, supervisor, expert, head, other_expert]


def test_the_log_replays_to_the_request_whatever_was_done(file, cast):
    done = set()

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def live(data):
        with transaction.atomic():
            code = data.draw(st.sampled_from(["voirie-intervention-rapide", "acte-deces"]))
            sr, now = file(code, demandeur=PERSON), MONDAY
            for _ in range(data.draw(st.integers(5, 30))):
                now += timedelta(hours=data.draw(st.integers(1, 60)))
                act = ACTS[data.draw(st.sampled_from(sorted(ACTS)))]
                if data.draw(st.integers(0, 3)) == 3:
                    act = undone(act)
                before = sr.event_count
                try:
                    with transaction.atomic():
                        act(sr, data.draw(st.sampled_from(cast)), now)
                except REFUSED:
                    refused = True
                else:
                    refused = False
                sr = ServiceRequest.objects.get(pk=sr.pk)
                assert not refused or sr.event_count == before
                assert replay(sr) == (sr.state, sr.event_count)
            assert list(breaks()) == []
            done.update(sr.events.values_list("verb", flat=True))
            transaction.set_rollback(True)

    live()
    assert Verb.UNSEND in done
    assert len(done) > len(ACTS) / 2, sorted(set(Verb) - done)
