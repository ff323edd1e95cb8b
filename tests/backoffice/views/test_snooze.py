"""Setting a request aside in one's own work: who still sees it, what brings it back (bar 35)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from backoffice.actions.absences import note_absence
from backoffice.queues import next_to_do
from massy_grc.common.words import date_words, day_and_time, time_words
from massy_grc.schedule import ALWAYS
from prestations.calendars import PARIS, WorkingCalendar, town_calendar
from prestations.enums import Role
from prestations.models import Department
from requests import actions
from requests.enums import State, TaskKind, Verb, WakeReason
from requests.exceptions import MissingInput, NotAllowed
from requests.models import Snooze
from requests.notifications import digests
from requests.snoozes import moments
from requests.tasks import chase_deadlines
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import VOIRIE, url
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

URL = "/agent/demandes/"
WHY = "J’attends le devis de l’élagueur"

pytestmark = pytest.mark.django_db


def references(browser, view: str) -> list[str]:
    return [row.reference for row in browser.get(URL, {"vue": view}).context["page"].rows]


def row_of(browser, view: str, sr) -> str:
    rows = browser.get(URL, {"vue": view}).content.decode().split("<tr")
    (found,) = (row for row in rows if sr.reference in row)
    return found


def set_aside(sr, agent, preset="week", **given):
    return actions.snooze_request(request_id=sr.pk, actor=agent, preset=preset, reason=WHY, **given)


def last_wake(sr) -> str:
    return sr.events.filter(verb=Verb.WAKE).latest("number").data["why"]


def colleague_of_theirs():
    return make_agent(Role.AGENT_EAS, first_name="Zoé", last_name="Kerbrat")


@pytest.fixture
def others(eas_agent):
    """Two more in the agent's hands, due before and after."""
    return [
        make_request(
            state=State.EN_COURS,
            assignee=eas_agent,
            due_at=timezone.now() + timedelta(days=days),
        )
        for days in (1, 90)
    ]


@pytest.mark.usefixtures("one_window")
def test_the_form_names_each_moment_and_sets_the_request_aside(front, eas_agent, sr):
    page = front.get(url(sr, "snooze")).content.decode()
    named = {at: preset for preset, at in moments(timezone.now(), town_calendar()).items()}
    for moment, preset in named.items():
        assert f"{preset.label} ({day_and_time(moment)})" in page
    refused = front.post(url(sr, "snooze"), {"preset": "day", "reason": WHY})
    assert "Choisissez le jour de son retour." in refused.content.decode()
    done = front.post(url(sr, "snooze"), {"preset": "week", "reason": WHY}, follow=True)
    assert "Vous l’avez mise de côté jusqu’au" in done.content.decode()
    assert WHY in done.content.decode()
    (snooze,) = Snooze.objects.all()
    until = f"{date_words(snooze.until)}, {time_words(snooze.until)}"
    assert f"Demande mise de côté jusqu’au {until}." in done.content.decode()
    assert (snooze.agent, snooze.reason, snooze.back_at) == (eas_agent, WHY, None)
    done = front.post(url(sr, "snooze"), {"preset": "days", "reason": " "}, follow=True)
    assert "Votre raison" not in done.content.decode()  # none is asked for


def test_it_leaves_ones_own_work_and_hides_nothing_else(front, eas_agent, supervisor, sr):
    clocks = sr.due_at, sr.implicit_decision_at, sr.paused_at
    set_aside(sr, eas_agent)
    assert references(front, "mes-demandes") == []
    assert sr.reference not in front.get("/agent/").content.decode()
    assert references(front, "de-cote") == [sr.reference]
    assert WHY in row_of(front, "de-cote", sr)
    for view in ("mon-service", "ouvertes", "toutes"):
        assert references(front, view) == [sr.reference]
    assert sr.reference in front.get(URL, {"vue": "toutes", "q": sr.reference}).content.decode()
    colleague = client_of(supervisor)
    assert references(colleague, "ouvertes") == [sr.reference]
    assert WHY in colleague.get(url(sr)).content.decode()
    sr.refresh_from_db()
    assert (sr.due_at, sr.implicit_decision_at, sr.paused_at) == clocks


def test_who_stands_in_has_it_all_the_same(sr, eas_agent):
    delegate = colleague_of_theirs()
    set_aside(sr, eas_agent)
    today = timezone.localdate()
    note_absence(
        actor=eas_agent, person=eas_agent, first_day=today, last_day=today, delegate=delegate
    )
    assert references(client_of(delegate), "mes-demandes") == [sr.reference]


def test_it_is_late_in_every_list_and_mail_while_it_is_aside(front, eas_agent, sr):
    set_aside(sr, eas_agent)
    type(sr).objects.filter(pk=sr.pk).update(due_at=timezone.now() - timedelta(hours=1))
    chase_deadlines()
    assert sr.alerts.filter(cleared_at=None).exists()
    assert references(front, "en-retard") == [sr.reference]
    assert digests.tell_day(None, now=timezone.now()) >= 1


def test_beat_brings_it_back_within_a_minute_first_and_with_its_reason(
    front, eas_agent, sr, others
):
    """As often as beat looks: nothing a second before its moment, back at the next run."""
    with time_machine.travel(datetime(2026, 1, 12, 9, 0, tzinfo=PARIS), tick=False):
        set_aside(sr, eas_agent, preset="later")
    until = Snooze.objects.get().until
    assert until == datetime(2026, 1, 12, 12, 0, tzinfo=PARIS)
    every = timedelta(seconds=ALWAYS["chase-deadlines"]["schedule"])
    assert every <= timedelta(minutes=1)
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        chase_deadlines()
        assert Snooze.objects.away().exists()
    with time_machine.travel(until - timedelta(seconds=1) + every, tick=False):
        chase_deadlines()
        chase_deadlines()
    (snooze,) = Snooze.objects.all()
    assert snooze.back_at - until < timedelta(minutes=1)
    assert sr.events.filter(verb=Verb.WAKE).count() == 1
    assert references(front, "mes-demandes") == [
        sr.reference,
        *(one.reference for one in others),
    ]
    row = row_of(front, "mes-demandes", sr)
    assert "Revenue" in row
    assert WHY in row
    page = front.get(url(sr)).content.decode()
    assert "le moment est venu" in page
    assert WHY in page
    front.post(url(sr, "reprendre"))
    assert WHY not in front.get(url(sr)).content.decode()
    assert references(front, "mes-demandes")[1] == sr.reference


def wrote(sr, agent, expert):
    actions.receive_message(request_id=sr.pk, body="Alors ?")


def noted_at_the_counter(sr, agent, expert):
    actions.ask_question(
        request_id=sr.pk,
        version=None,
        actor=colleague_of_theirs(),
        body="Où ?",
    )
    Snooze.objects.all().delete()
    set_aside(sr, agent)
    actions.supply(
        request_id=sr.pk,
        actor=colleague_of_theirs(),
        body="Rue de Paris.",
    )


def concluded(sr, agent, expert):
    parks = Department.objects.filter(pk=VOIRIE)
    (task,) = actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=colleague_of_theirs(),
        departments=parks,
        kind=TaskKind.WORK,
        asked="Reboucher.",
        due_on=timezone.localdate(),
    )
    assert Snooze.objects.away().exists()  # asking a department changes nothing for the agent
    actions.conclude_task(
        request_id=sr.pk, version=None, actor=expert, task=task.pk, conclusion="Fait."
    )


def transferred_and_treated(sr, agent, expert):
    roads = Department.objects.get(pk=VOIRIE)
    actions.transfer_request(request_id=sr.pk, version=None, actor=agent, department=roads)
    set_aside(sr, agent)
    actions.treat_request(
        request_id=sr.pk, version=None, actor=expert, conclusion="Fait.", outcome="positive"
    )


def given_to_a_colleague(sr, agent, expert):
    colleague = colleague_of_theirs()
    actions.assign_request(request_id=sr.pk, version=None, actor=colleague, assignee=colleague)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (wrote, WakeReason.REQUESTER),
        (noted_at_the_counter, WakeReason.REQUESTER),
        (concluded, WakeReason.DEPARTMENT),
        (transferred_and_treated, WakeReason.DEPARTMENT),
        (given_to_a_colleague, WakeReason.HANDS),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_it_comes_back_at_once_when_something_happens(eas_agent, expert, act, why):
    sr = make_request(
        state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent, citizen=CitizenFactory()
    )
    set_aside(sr, eas_agent)
    act(sr, eas_agent, expert)
    snooze = Snooze.objects.latest("pk")
    assert (snooze.back_why, snooze.seen_at) == (why, None)
    assert last_wake(sr) == why


def test_what_colleagues_do_beside_it_leaves_it_aside(eas_agent, supervisor, sr):
    set_aside(sr, eas_agent)
    actions.add_note(request_id=sr.pk, actor=supervisor, body="Vu.")
    actions.write_message(request_id=sr.pk, version=None, actor=supervisor, body="Patience.")
    assert Snooze.objects.away().exists()


def test_it_is_ended_by_hand_and_by_the_end_of_the_request(front, eas_agent, sr, others):
    set_aside(sr, eas_agent)
    assert front.post(url(sr, "reprendre")).status_code == 302
    assert sr.reference in references(front, "mes-demandes")
    assert last_wake(sr) == WakeReason.BY_HAND
    set_aside(sr, eas_agent)
    actions.withdraw_request(request_id=sr.pk)
    snooze = Snooze.objects.latest("pk")
    assert (snooze.back_why, snooze.seen_at is None) == (WakeReason.OVER, False)


def test_nobody_ends_what_a_colleague_set_aside(sr, eas_agent, supervisor):
    set_aside(sr, eas_agent)
    client_of(supervisor).post(url(sr, "reprendre"))
    assert Snooze.objects.away().filter(agent=eas_agent).exists()


def test_only_who_has_it_in_hand_sets_it_aside(sr, supervisor):
    assert Verb.SNOOZE not in actions.allowed_verbs(sr, supervisor)
    with pytest.raises(NotAllowed):
        set_aside(sr, supervisor)


def test_an_undone_answer_leaves_it_as_it_was(front, eas_agent, sr):
    set_aside(sr, eas_agent)
    _done, sending = actions.send_undoable(
        request_id=sr.pk,
        actor=eas_agent,
        act="answer",
        typed={},
        perform=lambda: actions.answer_request(
            request_id=sr.pk, version=None, actor=eas_agent, body="Oui.", outcome="positive"
        ),
    )
    actions.undo_sending(sending_id=sending.pk, actor=eas_agent)
    assert Snooze.objects.away().filter(agent=eas_agent).exists()


def test_send_and_next_passes_over_it(eas_agent, sr, others):
    set_aside(sr, eas_agent)
    assert next_to_do(eas_agent, others[0], signing=False) == others[1]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # a Thursday before the Monday of Easter
        (
            datetime(2026, 4, 2, 9, 0, tzinfo=PARIS),
            {
                "later": datetime(2026, 4, 2, 12, 0, tzinfo=PARIS),
                "afternoon": datetime(2026, 4, 2, 14, 0, tzinfo=PARIS),
                "tomorrow": datetime(2026, 4, 3, 8, 30, tzinfo=PARIS),
                "days": datetime(2026, 4, 8, 8, 30, tzinfo=PARIS),
                "monday": datetime(2026, 4, 7, 8, 30, tzinfo=PARIS),
                "week": datetime(2026, 4, 9, 8, 30, tzinfo=PARIS),
            },
        ),
        # a Friday at the end of the day: tomorrow is no working day, later is past
        (
            datetime(2026, 1, 9, 16, 45, tzinfo=PARIS),
            {
                "tomorrow": datetime(2026, 1, 12, 8, 30, tzinfo=PARIS),
                "days": datetime(2026, 1, 15, 8, 30, tzinfo=PARIS),
                "monday": datetime(2026, 1, 12, 8, 30, tzinfo=PARIS),
                "week": datetime(2026, 1, 16, 8, 30, tzinfo=PARIS),
            },
        ),
        # a Monday in the afternoon, before the town's own closure of the Tuesday
        (
            datetime(2026, 1, 12, 15, 0, tzinfo=PARIS),
            {
                "later": datetime(2026, 1, 12, 17, 0, tzinfo=PARIS),
                "tomorrow": datetime(2026, 1, 14, 8, 30, tzinfo=PARIS),
                "days": datetime(2026, 1, 16, 8, 30, tzinfo=PARIS),
                "monday": datetime(2026, 1, 19, 8, 30, tzinfo=PARIS),
                "week": datetime(2026, 1, 19, 8, 30, tzinfo=PARIS),
            },
        ),
    ],
    ids=["easter", "friday-evening", "closure"],
)
def test_presets_come_on_mornings_of_working_days(now, expected):
    assert moments(now, WorkingCalendar([date(2026, 1, 13)])) == expected


@pytest.mark.parametrize("days", [None, 0, -1, 366, 900_000])
def test_a_chosen_day_is_to_come_within_a_year(sr, eas_agent, days):
    on = None if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(MissingInput):
        set_aside(sr, eas_agent, preset="day", on=on)


def test_no_page_of_the_requester_knows_of_it(client, front, eas_agent, sr):
    set_aside(sr, eas_agent)
    given = {"reference": sr.reference, "secret": sr.tracking_code}
    page = client.post("/suivi/", given, follow=True).content.decode()
    assert sr.reference in page
    assert WHY not in page
    assert "de côté" not in page
