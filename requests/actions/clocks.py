"""The clocks of a request: the announced date, what silence decides, what its requester owes."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Max

from prestations.calendars import WorkingCalendar, town_calendar
from prestations.enums import DelayUnit, SilenceEffect
from prestations.privacy import RIGHTS_PRESTATION
from requests import deadlines
from requests.enums import (
    AWAITED,
    AWAITING,
    FINAL_STATES,
    LATENESS,
    PAUSED_STATES,
    TASK_ALERTS,
    AlertKind,
    PieceFault,
    State,
    TaskEnd,
    Verb,
)
from requests.models import Alert, ServiceRequest, Task


def clear_alerts(
    service_request: ServiceRequest,
    now: datetime,
    *kinds: AlertKind,
    tasks: Collection[Task] | None = None,
) -> None:
    """Take standing alerts off the queue: all of them, or those of `kinds`.

    Args:
        tasks: those about these alone.
    """
    standing = Alert.objects.filter(request=service_request, cleared_at=None)
    if tasks is not None:
        standing = standing.filter(task__in=tasks)
    if kinds:
        standing = standing.filter(kind__in=kinds)
    standing.update(cleared_at=now)


def follow_clock(
    service_request: ServiceRequest, from_state: str, now: datetime, last_day: date | None
) -> None:
    """Stop or restart the clocks as the state enters or leaves a pause.

    Args:
        last_day: to collect the document, where its letter names one.
    """
    was_paused, is_paused = from_state in PAUSED_STATES, service_request.state in PAUSED_STATES
    if is_paused or was_paused or service_request.state == State.A_RETIRER:
        clear_alerts(service_request, now, *LATENESS, *TASK_ALERTS, AlertKind.EXPERT_LATE)
    if is_paused and not was_paused:
        service_request.paused_at = now
    elif was_paused and not is_paused:
        calendar = town_calendar()
        _, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
        paused_at = service_request.paused_at or now
        service_request.due_at = deadlines.lawful_time(
            service_request.prestation,
            calendar.shift(service_request.due_at, paused_at, now, unit),
        )
        for name, moment in service_request.owed_dates.items():
            later = calendar.shift(moment, paused_at, now, DelayUnit.WORKING_DAYS)
            # under the announced date, unless that was broken already
            setattr(service_request, name, min(later, max(moment, service_request.due_at)))
        _carry_tasks(service_request, paused_at, now, calendar)
        service_request.paused_at = None
    if from_state in AWAITING:
        service_request.awaited_until = service_request.remind_at = None
        clear_alerts(service_request, now, *AWAITED)
    if service_request.state == State.ATTENTE_DEMANDEUR:
        _await(service_request, deadlines.answer_awaited(now))
    if service_request.state == State.A_RETIRER:
        clear_alerts(service_request, now, AlertKind.IMPLICIT_DECISION)
        _await(service_request, deadlines.collection_awaited(now, town_calendar(), last_day))
    if service_request.state == State.ATTENTE_PIECES and from_state != State.ATTENTE_PIECES:
        stop_legal_clock(service_request, now)
    if service_request.state in FINAL_STATES:
        clear_alerts(service_request, now)
        service_request.tasks.filter(ended_at=None).update(ended_at=now, end=TaskEnd.CANCELLED)


def owed(service_request: ServiceRequest, field: str, now: datetime) -> dict[str, str]:
    """What an event keeps of a date that its act meets or misses; nothing where none is agreed.

    Args:
        field: one of `OWED_DATES`; a stop under way has moved it by its length.
    """
    moment = service_request.owed_dates.get(field)
    if moment is None:
        return {}
    if service_request.paused_at is not None:
        calendar = town_calendar()
        moment = calendar.shift(moment, service_request.paused_at, now, DelayUnit.WORKING_DAYS)
    return {"owed_at": moment.isoformat()}


def _carry_tasks(
    service_request: ServiceRequest, paused_at: datetime, now: datetime, calendar: WorkingCalendar
) -> None:
    """Departments at work lose no day by a stop; under the announced date, as when asked."""
    for task in service_request.tasks.filter(ended_at=None):
        since = max(paused_at, task.asked_at)
        for name, moment in task.owed_dates.items():
            later = calendar.shift(moment, since, now, DelayUnit.WORKING_DAYS)
            setattr(task, name, min(later, max(moment, service_request.due_at)))
        task.save(update_fields=["due_at", "answer_due_at"])


def _await(service_request: ServiceRequest, awaited: deadlines.Awaited) -> None:
    service_request.awaited_until = awaited.until
    service_request.remind_at = awaited.remind_at


def stop_legal_clock(service_request: ServiceRequest, now: datetime) -> None:
    """The file lacks something or is wrong: silence decides nothing for now (CRPA L114-5)."""
    service_request.legal_paused_at = service_request.legal_paused_at or now
    settle_legal_dates(service_request, town_calendar())
    clear_alerts(service_request, now, AlertKind.IMPLICIT_DECISION)


def resume_legal_clock(
    service_request: ServiceRequest, now: datetime, *, complete: bool = True
) -> None:
    """The file is complete and correct, or the day set for its documents has passed.

    An incomplete file's acceptance starts anew once it is complete; every other clock goes on
    where it stood.

    Args:
        complete: False at the day set: the clock runs again, but for an incomplete file's
            acceptance.
    """
    paused_at = service_request.legal_paused_at
    if paused_at is None:
        return
    incomplete = is_incomplete(service_request)
    asked = service_request.pieces.filter(asked_at__gte=paused_at).aggregate(last=Max("due_on"))
    stopped = deadlines.suspended_days(paused_at, now, asked["last"])
    service_request.legal_suspended_days += stopped
    service_request.corrected_days += stopped
    if complete and incomplete:
        service_request.completed_at, service_request.corrected_days = now, 0
    accepts = service_request.silence_effect == SilenceEffect.ACCEPTATION
    if complete or not (incomplete and accepts):
        service_request.legal_paused_at = None
    settle_legal_dates(service_request, town_calendar())


def is_incomplete(service_request: ServiceRequest) -> bool:
    """Whether something is missing: the clock is stopped, not only for what is to be corrected."""
    paused_at = service_request.legal_paused_at
    if paused_at is None:
        return False
    asked = service_request.pieces.filter(asked_at__gte=paused_at)
    faults = set(asked.values_list("fault", flat=True))
    return faults != {PieceFault.INCORRECT}


def settle_legal_dates(service_request: ServiceRequest, calendar: WorkingCalendar) -> None:
    """Work out the implicit decision and the interim reply from what the request keeps.

    Once reopened a request has been answered: silence decides nothing of it any more.
    """
    if service_request.reopened_count:
        return
    service_request.implicit_decision_at = deadlines.legal_date(
        service_request.prestation,
        arrived_at=service_request.arrived_at,
        completed_at=service_request.completed_at,
        incomplete=is_incomplete(service_request),
        suspended_days=service_request.legal_suspended_days,
        corrected_days=service_request.corrected_days,
        calendar=calendar,
    )
    if service_request.interim_sent_at is None:
        service_request.interim_due_at = deadlines.interim_reply_time(
            service_request.arrived_at, service_request.implicit_decision_at, calendar
        )


def receive_pieces(
    service_request: ServiceRequest,
    now: datetime,
    *,
    codes: Collection[str] = (),
    piece_ids: Collection[int] = (),
) -> int:
    """Note the documents that came; the legal clock restarts with the last one.

    Args:
        codes: document codes of the files that came.
        piece_ids: `PieceRequest` rows an agent has in hand.

    Returns:
        How many documents are still missing.
    """
    missing = 0
    came_any = False
    for piece in service_request.pieces.filter(received_at=None):
        if piece.pk in piece_ids or (piece.document_code and piece.document_code in codes):
            piece.received_at = now
            piece.save(update_fields=["received_at"])
            came_any = True
        else:
            missing += 1
    if came_any and not missing:
        resume_legal_clock(service_request, now)
        clear_alerts(service_request, now, AlertKind.PIECES_OVERDUE)
    return missing


def reset_target(service_request: ServiceRequest, now: datetime) -> None:
    """Count the target anew, from the arrival or the reopening, with the stops of the clock since.

    What the requester was told meanwhile stands: an interim reply's date, an extension.
    """
    calendar = town_calendar()
    due_at = max(
        _carried(service_request, since, moment, calendar)
        for since, moment in _promises(service_request, calendar)
    )
    if due_at == service_request.due_at:
        return
    service_request.due_at = due_at
    clear_alerts(service_request, now, *LATENESS)
    for name, moment in service_request.owed_dates.items():
        setattr(service_request, name, min(moment, due_at))
    if due_at > now:
        service_request.tasks.filter(ended_at=None, due_at__gt=due_at).update(due_at=due_at)


def _promises(
    service_request: ServiceRequest, calendar: WorkingCalendar
) -> Iterator[tuple[datetime, datetime]]:
    """Each date promised for the answer since the request began (anew), after when it was."""
    prestation, urgent = service_request.prestation, service_request.urgent
    standing = service_request.events.standing()
    reopened = standing.filter(verb=Verb.REOPEN).last()
    start = reopened.at if reopened else service_request.arrived_at
    yield start, deadlines.target_time(prestation, start, calendar, urgent=urgent)
    if sent_at := service_request.interim_sent_at:
        yield sent_at, deadlines.promised_by(sent_at, calendar)
    extended = standing.filter(verb=Verb.EXTEND, at__gte=start).last()
    if extended and prestation.pk == RIGHTS_PRESTATION:
        months = deadlines.RIGHTS_EXTENDED_MONTHS
        arrived_at = service_request.arrived_at
        yield extended.at, deadlines.rights_answered_by(arrived_at, months, calendar)


def _carried(
    service_request: ServiceRequest, since: datetime, moment: datetime, calendar: WorkingCalendar
) -> datetime:
    """A date moved by the stops of the clock since it was promised."""
    _, unit = deadlines.target_of(service_request.prestation, service_request.urgent)
    for paused_at, resumed_at in service_request.events.pauses():
        if resumed_at > since:
            shifted = calendar.shift(moment, paused_at, resumed_at, unit)
            moment = deadlines.lawful_time(service_request.prestation, shifted)
    return moment
