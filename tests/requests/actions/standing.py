"""What is true of a request’s rows however it came there; looked at after each act."""

from datetime import date, datetime, timedelta

from backoffice.queues import VIEWS
from prestations.calendars import lawful_end, town_calendar
from prestations.enums import DelayUnit
from prestations.privacy import RIGHTS_PRESTATION
from requests import deadlines
from requests.actions.rights import awaits_signature
from requests.enums import (
    AWAITED,
    AWAITING,
    FINAL_STATES,
    PAUSED_STATES,
    STOPPED_STATES,
    AlertKind,
    State,
    Verb,
)
from requests.models import RequestLink, ServiceRequest
from requests.workflow import TRANSITIONS

PROMISED = timedelta(days=15)  # by an interim reply, from its day
# lists of work: one who follows another is worked on there
WORK = ("mes-demandes", "mon-service", "messages", "a-qualifier", "a-repondre", "en-retard")


def replay(sr: ServiceRequest) -> tuple[str, int]:
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


def check(sr: ServiceRequest, now: datetime, reader) -> None:
    """Everything at once; `reader` sees all the requests of the town."""
    assert replay(sr) == (sr.state, sr.event_count)
    _check_clocks(sr)
    _check_dates(sr)
    _check_end(sr)
    _check_work(sr)
    _check_merge(sr, now, reader)


def due_of(sr: ServiceRequest) -> datetime:
    """The announced date, counted from the log alone: arrival or reopening, stops, promises."""
    calendar = town_calendar()
    _, unit = deadlines.target_of(sr.prestation, sr.urgent)
    due = deadlines.target_time(sr.prestation, sr.arrived_at, calendar, urgent=sr.urgent)
    stopped = None
    for event in sr.events.standing().order_by("number"):
        if stopped is not None and event.to_state not in PAUSED_STATES:
            due = deadlines.lawful_time(sr.prestation, calendar.shift(due, stopped, event.at, unit))
            stopped = None
        if event.verb == Verb.REOPEN:
            due = deadlines.target_time(sr.prestation, event.at, calendar, urgent=sr.urgent)
        if event.verb == Verb.INTERIM:
            due = max(due, calendar.add(event.at, PROMISED.days, DelayUnit.CALENDAR_DAYS))
        if event.verb == Verb.EXTEND and sr.prestation_id == RIGHTS_PRESTATION:
            due = lawful_end(calendar.add(sr.arrived_at, 3, DelayUnit.MONTHS))
        if stopped is None and event.to_state in PAUSED_STATES:
            stopped = event.at
    return due


def silence_of(sr: ServiceRequest) -> date | None:
    """The day on which silence decides: never again once it was answered or sent elsewhere."""
    if sr.reopened_count or sr.forwarded_to_id:
        return None
    return deadlines.legal_date(
        sr.prestation,
        arrived_at=sr.arrived_at,
        completed_at=sr.completed_at,
        incomplete=_is_incomplete(sr),
        suspended_days=sr.legal_suspended_days,
        corrected_days=sr.corrected_days,
        calendar=town_calendar(),
    )


def _is_incomplete(sr: ServiceRequest) -> bool:
    if sr.legal_paused_at is None:
        return False
    faults = sr.pieces.filter(asked_at__gte=sr.legal_paused_at).values_list("fault", flat=True)
    return set(faults) != {"incorrect"}


def _check_clocks(sr: ServiceRequest) -> None:
    """What is stopped says so, since when, and until when the requester is awaited."""
    assert sr.is_paused == (sr.state in PAUSED_STATES)
    if sr.is_paused:
        entered = sr.events.standing().filter(to_state=sr.state).exclude(from_state=sr.state)
        assert sr.paused_at == entered.last().at
    assert (sr.awaited_until is not None) == (sr.state in AWAITING)
    assert sr.remind_at is None or sr.state in AWAITING
    told = sr.alerts.filter(cleared_at=None).values_list("kind", flat=True)
    if sr.state not in AWAITING:
        assert not set(told) & set(AWAITED)
    if sr.state in STOPPED_STATES:
        assert AlertKind.IMPLICIT_DECISION not in told
    owed = sr.pieces.filter(received_at=None).exists()
    assert sr.state != State.ATTENTE_PIECES or owed
    assert owed or sr.legal_paused_at is None


def _check_dates(sr: ServiceRequest) -> None:
    assert sr.due_at == due_of(sr)
    assert sr.implicit_decision_at == silence_of(sr)
    stopped = sum((end - start for start, end in sr.events.pauses()), timedelta())
    promised = sr.due_at - stopped >= (sr.department_since or sr.arrived_at)
    for moment in sr.owed_dates.values():  # under the promise, but for one already broken
        assert moment <= sr.due_at or not promised


def _check_end(sr: ServiceRequest) -> None:
    """What is over leaves nothing to do, to sign, to wake or to warn of."""
    assert (sr.closed_at is not None) == (sr.state in FINAL_STATES)
    if sr.is_open:
        assert sr.closing_reason is None
        return
    assert not sr.tasks.filter(ended_at=None).exists()
    assert not sr.alerts.filter(cleared_at=None).exists()
    assert not sr.proposed_decisions.filter(decided_at=None).exists()
    assert not sr.snoozes.filter(back_at=None).exists()
    assert sr.department_since is None


def _check_work(sr: ServiceRequest) -> None:
    """Who has it, and what is asked of whom."""
    held = sr.department_since is not None
    assert held or sr.state != State.TRANSMISE
    assert held or (sr.department_due_at, sr.take_due_at) == (None, None)
    assert not held or sr.department_id
    running = list(sr.tasks.filter(ended_at=None))
    assert len({task.department_id for task in running}) == len(running)
    assert not running or any(task.started_at for task in running)
    assert not sr.tasks.exclude(ended_at=None).filter(end="").exists()
    waiting = sr.proposed_decisions.filter(decided_at=None).count()
    assert waiting == awaits_signature(sr) <= 1
    assert sr.holds.filter(lifted_at=None).count() <= 1
    assert (sr.repeats == "") == (sr.repeats_on is None)
    assert all(snooze.agent_id for snooze in sr.snoozes.away())


def _check_merge(sr: ServiceRequest, now: datetime, reader) -> None:
    """One that follows another is in no list of work; links join two, once."""
    pairs = [
        frozenset(pair)
        for pair in RequestLink.objects.filter(undone_at=None).values_list("request", "other")
    ]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)
    if sr.merged_into is None:
        return
    assert sr.merged_into.merged_into is None
    assert not sr.repeats
    for view in VIEWS:
        if view.slug in WORK:
            rows = view.rows(ServiceRequest.objects.visible_to(reader), reader, now)
            assert not rows.filter(pk=sr.pk).exists(), view.slug
