"""The invented year: coherent, and exactly what the verbs would have written."""

import pytest
from django.core.management import call_command
from django.db import connection

from massy_grc.users.models import User
from prestations.calendars import town_calendar
from prestations.enums import Role
from prestations.forms import Questionnaire
from prestations.forms.conditions import is_visible
from prestations.models import Training
from requests import deadlines
from requests.actions.core import refresh_search
from requests.demo.loader import load_demo
from requests.demo.people import DEMO_DEPARTMENT, DEMO_PASSWORD, demo_login
from requests.enums import FINAL_STATES, PAUSED_STATES, Outcome, State, Verb
from requests.models import (
    Alert,
    FileCheck,
    HandOver,
    InternalNote,
    Message,
    PieceRequest,
    ProposedDecision,
    Rating,
    ReferenceCounter,
    RequestEvent,
    RoutingRule,
    ServiceRequest,
    Task,
)
from requests.performance import kept_by
from requests.references import next_reference, parse_reference
from requests.routing.catalogue import is_urgent
from requests.workflow import TRANSITIONS, VERBS
from tests.requests.demo.support import NOW, requests_of_demo

pytestmark = pytest.mark.django_db
COUNT = 400


@pytest.fixture(scope="module")
def year(rows_of_the_module):
    """Four hundred requests of the year before 20 November 2026."""
    load_demo(COUNT, seed=7, now=NOW)
    connection.check_constraints()  # once, not behind each test


@pytest.fixture
def demo(year, db):
    """That year, to read; what a test changes goes with the test."""


def test_every_life_is_a_legal_path(demo):
    for sr in requests_of_demo():
        state, events = "", list(sr.events.all())
        for number, event in enumerate(events, start=1):
            assert event.number == number
            assert event.from_state == state
            assert (
                event.to_state == state
                or not state
                or (State(event.to_state) in TRANSITIONS[State(state)])
            ), (sr, event)
            if event.verb in VERBS and event.verb not in (Verb.NOTE,):
                led = event.verb == Verb.RESUME and state == State.TRANSMISE
                act = events[number] if led else event  # `actions.decisions.lead_to` it
                assert State(state) in VERBS[Verb(act.verb)].states, (sr, event.verb, state)
            state = event.to_state
        assert state == sr.state
        assert sr.event_count == len(events)


def test_rules_are_there_to_look_at_and_one_is_in_force(demo):
    rules = list(RoutingRule.objects.values_list("enabled", flat=True))
    assert (len(rules), rules.count(True)) == (4, 1)
    assert Training.objects.filter(user__memberships__role=Role.AGENT_EXPERT).exists()
    assert Training.objects.filter(user__memberships__role=Role.AGENT_EAS).exists()


def test_departments_are_asked_and_titles_handed_over(demo):
    assert {"accepted", "ended"} <= {
        "ended" if task.ended_at else "accepted" if task.accepted_at else "asked"
        for task in Task.objects.all()
    }
    assert HandOver.objects.filter(request__state=State.CLOSE).exclude(initials="").exists()


def test_the_contract_of_the_demos_department_has_something_of_each_promise(demo):
    kept = kept_by(DEMO_DEPARTMENT, NOW, ServiceRequest.objects.all())
    assert all(one.done for one in kept.values())


def test_files_are_being_checked_and_answers_approved(demo):
    assert {True, False} <= set(FileCheck.objects.values_list("passed", flat=True))
    assert ProposedDecision.objects.filter(outcome=Outcome.POSITIVE, approved=True).exists()


def test_events_are_in_order_of_time_and_past(demo):
    for sr in requests_of_demo():
        moments = [event.at for event in sr.events.all()]
        assert moments == sorted(moments)
        assert sr.arrived_at <= sr.filed_at <= moments[0]
        assert moments[-1] <= NOW


def test_due_dates_are_those_of_the_deadlines_engine(demo):
    calendar = town_calendar()
    checked = 0
    for sr in requests_of_demo().filter(reopened_count=0, interim_sent_at=None):
        assert sr.urgent == is_urgent(sr.prestation, sr.answers)
        dates = deadlines.dates_for(
            sr.prestation,
            arrived_at=sr.arrived_at,
            urgent=sr.urgent,
            complete=True,
            calendar=calendar,
        )
        due = dates.due_at
        _value, unit = deadlines.target_of(sr.prestation, sr.urgent)
        for paused_at, resumed_at in sr.events.pauses():
            if resumed_at:
                due = calendar.shift(due, paused_at, resumed_at, unit)
        assert sr.due_at == due, sr
        checked += 1
    assert checked > COUNT * 0.8


def test_columns_agree_with_the_log(demo):
    for sr in requests_of_demo():
        verbs = [event.verb for event in sr.events.all()]
        assert (sr.closed_at is not None) == (sr.state in FINAL_STATES)
        assert (sr.closing_reason_id is not None) == (sr.state in FINAL_STATES)
        assert (sr.paused_at is not None) == (sr.state in PAUSED_STATES)
        assert (sr.interim_sent_at is not None) == (Verb.INTERIM in verbs)
        assert (sr.acknowledged_at is not None) == (Verb.ACKNOWLEDGE in verbs)
        assert sr.reopened_count == verbs.count(Verb.REOPEN)
        assert (sr.department_since is not None) == (
            sr.state in (State.TRANSMISE, State.ATTENTE_TIERS)
            or (sr.state in PAUSED_STATES and sr.department_due_at is not None)
        )


def test_ids_in_the_log_point_to_rows(demo):
    messages = set(Message.objects.values_list("pk", flat=True))
    pieces = set(PieceRequest.objects.values_list("pk", flat=True))
    notes = set(InternalNote.objects.values_list("pk", flat=True))
    ratings = set(Rating.objects.values_list("pk", flat=True))
    for event in RequestEvent.objects.all():
        assert event.data.get("message") in (messages | {None})
        assert event.data.get("note") in (notes | {None})
        assert event.data.get("rating") in (ratings | {None})
        assert set(event.data.get("pieces", [])) <= pieces


def test_messages_belong_to_an_event(demo):
    told = set(
        RequestEvent.objects.exclude(data__message=None).values_list("data__message", flat=True)
    )

    assert told == set(Message.objects.values_list("pk", flat=True))


def test_answers_are_valid_for_their_form(demo):
    for sr in requests_of_demo()[:150]:
        questionnaire = Questionnaire(sr.form_version, sr.channel)
        flat = {
            f"{scope}.{name}": value
            for scope, given in sr.answers.items()
            for name, value in given.items()
        }
        known = questionnaire.definition.by_key
        assert set(flat) <= set(known)
        for key, question in known.items():
            visible = is_visible(question, flat, known)
            if question.is_upload:
                continue
            if question.required_by(sr.channel) and visible:
                assert flat.get(key) not in (None, ""), (sr.prestation_id, sr.channel, key)
            assert visible or key not in flat, (sr.prestation_id, key)
            if question.choices and key in flat:
                assert flat[key] in dict(question.choices)


def test_references_are_valid_and_go_on_where_the_demo_ends(demo):
    references = list(ServiceRequest.objects.values_list("reference", flat=True))
    assert all(parse_reference(reference) == reference for reference in references)

    for counter in ReferenceCounter.objects.all():
        assert counter.last == sum(ref.startswith(str(counter.year)) for ref in references)
    assert next_reference(2026) not in references


def test_search_finds_what_the_verbs_would_find(demo):
    sample = list(ServiceRequest.objects.order_by("pk")[:20])
    loaded = [sr.search_vector for sr in sample]

    for sr in sample:
        refresh_search(sr)
        sr.refresh_from_db()

    assert [sr.search_vector for sr in sample] == loaded


def test_new_rows_follow_the_loaded_ones(demo):
    with connection.cursor() as cursor:
        for table in ("servicerequest", "message", "internalnote", "piecerequest"):
            cursor.execute(
                f"SELECT nextval(pg_get_serial_sequence('requests_{table}', 'id')) >"
                f" coalesce(max(id), 0) FROM requests_{table}"
            )
            assert cursor.fetchone() == (True,)


def test_standing_alerts_are_those_the_chase_would_raise(demo):
    from requests import actions

    again = list(actions.due_alerts(now=NOW, calendar=town_calendar(), limit=1000))

    assert again == []
    assert Alert.objects.filter(request__state__in=FINAL_STATES).count() == 0


def test_each_role_can_log_in_with_the_demo_password(demo, client):
    for role in Role:
        user = User.objects.get(email=demo_login(role))
        assert user.memberships.filter(role=role).exists()
    assert user.check_password(DEMO_PASSWORD)
    assert client.login(username=demo_login("agent-eas"), password=DEMO_PASSWORD)


def test_staff_is_complete(demo):
    counted = {
        role: User.objects.filter(memberships__role=role).distinct().count() for role in Role
    }

    assert counted[Role.AGENT_EAS] == 15
    assert counted[Role.AGENT_PROXIMITE] == 3
    assert counted[Role.CHEF_SERVICE] == 38
    assert 38 <= counted[Role.AGENT_EXPERT] <= 38 * 3


def test_if_empty_adds_nothing_to_what_is_there(demo, capsys):
    call_command("demo_data", "--if-empty", "--requests", "10")

    assert ServiceRequest.objects.count() == COUNT
    assert "nothing added" in capsys.readouterr().out


def test_a_second_year_can_be_added(demo):
    load_demo(30, seed=7, now=NOW)

    assert ServiceRequest.objects.count() == COUNT + 30
