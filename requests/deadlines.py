"""Every date a request must meet, from its arrival, its prestation and the law.

One engine for the target (paused while waiting for the requester), the implicit decision
(CRPA L231-1, L231-4, L114-5), the interim reply and the department's own return.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from prestations.calendars import PARIS, WorkingCalendar, lawful_end
from prestations.enums import DelayUnit, SilenceEffect
from prestations.models import Prestation
from prestations.privacy import RIGHTS_PRESTATION

INTERIM_REPLY_DAYS = 55  # catalogue.yaml rules.interim_reply_before_days
PROMISED_DAYS = 15  # what an interim reply announces at least
INTERIM_BEFORE_IMPLICIT_DAYS = 7  # reference.yaml alert_levels "implicit-decision"
ACKNOWLEDGEMENT_DAYS = 10  # working days, CRPA L112-11
REASONS_MONTHS = 1  # CRPA L232-4
APPEAL_MONTHS = 2  # CJA R421-2
COLLECTION_MONTHS = 3  # catalogue.yaml rules.uncollected_title; decree 55-1397 art. 5 for titles
REMINDED_MONTHS_BEFORE = 1  # before the last day to collect
QUESTION_DAYS = 15  # how long a question is left open in its letter, then in the reminder
TASK_ANSWER_DAYS = 2  # working days in which a department accepts or refuses a task
RIGHTS_MONTHS = 1  # RGPD art. 12.3
RIGHTS_EXTENDED_MONTHS = 3  # one month, and two more with the reasons told within the first
MORNING = time(8, 0)


@dataclass(frozen=True)
class Awaited:
    """Until which day the requester is awaited, and when they are reminded; None: not at all."""

    until: date
    remind_at: datetime | None


@dataclass(frozen=True)
class Dates:
    """What a filing or a requalification sets."""

    due_at: datetime
    silence_effect: str
    implicit_decision_at: date | None
    interim_due_at: datetime


def dates_for(
    prestation: Prestation,
    *,
    arrived_at: datetime,
    urgent: bool,
    complete: bool,
    calendar: WorkingCalendar,
) -> Dates:
    """Return the dates of a request that arrived at `arrived_at`.

    Args:
        prestation: what is asked; its target, urgent target and silence rule are read.
        arrived_at: aware; every clock starts there.
        urgent: whether the urgent target's condition is met.
        complete: whether every mandatory document is there. An acceptance clock starts only
            with a complete file (CRPA L114-5); a rejection clock runs from arrival.
        calendar: the town's working days.
    """
    due_at = target_time(prestation, arrived_at, calendar, urgent=urgent)
    implicit = legal_date(
        prestation,
        arrived_at=arrived_at,
        completed_at=None,
        incomplete=not complete,
        suspended_days=0,
        corrected_days=0,
        calendar=calendar,
    )
    return Dates(
        due_at=due_at,
        silence_effect=prestation.silence_effect,
        implicit_decision_at=implicit,
        interim_due_at=interim_reply_time(arrived_at, implicit, calendar),
    )


def acknowledged_by(filed_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> date:
    """Return the last day of the acknowledgement: ten working days, or the answer's if earlier."""
    filed_on, due_on = filed_at.astimezone(PARIS).date(), due_at.astimezone(PARIS).date()
    latest = calendar.add_working_days(filed_on, ACKNOWLEDGEMENT_DAYS)
    return min(latest, due_on) if due_on >= filed_on else latest


def target_of(prestation: Prestation, urgent: bool) -> tuple[int, str]:
    """Return the target's value and unit; the urgent one when it applies and exists."""
    if urgent and prestation.urgent_value:
        return prestation.urgent_value, prestation.urgent_unit
    return prestation.target_value, prestation.target_unit


def target_time(
    prestation: Prestation, start: datetime, calendar: WorkingCalendar, *, urgent: bool
) -> datetime:
    """Return when the answer to what begins at `start` is due."""
    due_at = calendar.add(start, *target_of(prestation, urgent))
    return lawful_time(prestation, due_at)


def lawful_time(prestation: Prestation, due_at: datetime) -> datetime:
    """Return `due_at`, moved to a working day where European law sets it (RGPD art. 12.3).

    Other dates stand as they are: national law lengthens no time limit for deciding, and what
    silence decides counts from date to date.
    """
    return lawful_end(due_at) if prestation.pk == RIGHTS_PRESTATION else due_at


def implicit_decision_date(
    prestation: Prestation, start: datetime, calendar: WorkingCalendar
) -> date | None:
    """Return the day on which silence decides, counted from `start`; None without effect."""
    if prestation.silence_effect == SilenceEffect.NONE or not prestation.silence_value:
        return None
    decided = calendar.add(start, prestation.silence_value, prestation.silence_unit)
    return decided.astimezone(PARIS).date()


def interim_reply_time(
    arrived_at: datetime, implicit: date | None, calendar: WorkingCalendar
) -> datetime:
    """Return when the interim reply leaves: 55 days, or seven days before silence decides."""
    after_arrival = calendar.add(arrived_at, INTERIM_REPLY_DAYS, DelayUnit.CALENDAR_DAYS)
    if implicit is None:
        return after_arrival
    day = implicit - timedelta(days=INTERIM_BEFORE_IMPLICIT_DAYS)
    return max(min(after_arrival, _morning_of(day)), arrived_at)


def promised_by(sent_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the date that an interim reply sent at `sent_at` announces at least."""
    return calendar.add(sent_at, PROMISED_DAYS, DelayUnit.CALENDAR_DAYS)


def rights_answered_by(arrived_at: datetime, months: int, calendar: WorkingCalendar) -> datetime:
    """Return the end of so many months to answer about personal data, on a working day.

    Regulation 1182/71 art. 3.4, RGPD art. 12.3.
    """
    return lawful_end(calendar.add(arrived_at, months, DelayUnit.MONTHS))


def answer_awaited(asked_at: datetime) -> Awaited:
    """Return until when a question is left open; the reminder leaves the morning after."""
    until = asked_at.astimezone(PARIS).date() + timedelta(days=QUESTION_DAYS)
    return Awaited(until, _morning_of(until + timedelta(days=1)))


def collection_awaited(
    ready_at: datetime, calendar: WorkingCalendar, until: date | None = None
) -> Awaited:
    """Return until when a document waits, by month and not by days, and the reminder before.

    Args:
        until: the last day that the letter named; None for the usual one. With less than a month
            to come no reminder leaves.
    """
    until = until or collected_by(ready_at.astimezone(PARIS).date(), calendar)
    remind_at = _morning_of(until - relativedelta(months=REMINDED_MONTHS_BEFORE))
    return Awaited(until, remind_at if remind_at > ready_at else None)


def collected_by(ready_on: date, calendar: WorkingCalendar) -> date:
    """Return the usual last day to collect a document, an open one, from the day it is ready."""
    return calendar.on_or_after(ready_on + relativedelta(months=COLLECTION_MONTHS))


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=PARIS)


def department_due(
    treat_days: int, since: datetime, due_at: datetime, calendar: WorkingCalendar
) -> datetime:
    """Return when the department owes its conclusion.

    Args:
        treat_days: what is agreed with it, in working days (`prestations.agreements`).
        due_at: what the citizen was promised; the department's date stands under it, unless the
            promise is already broken.
    """
    own = calendar.add(since, treat_days, DelayUnit.WORKING_DAYS)
    return min(own, due_at) if due_at > since else own


def agreed_by(
    days: int | None, since: datetime, due_at: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """Return the end of an agreed delay, under the citizen's promise; None without one."""
    return department_due(days, since, due_at, calendar) if days else None


def task_answer_due(since: datetime, calendar: WorkingCalendar) -> datetime:
    """Return until when a department says whether it takes the work asked of it at `since`."""
    return calendar.add(since, TASK_ANSWER_DAYS, DelayUnit.WORKING_DAYS)


def legal_date(
    prestation: Prestation,
    *,
    arrived_at: datetime,
    completed_at: datetime | None,
    incomplete: bool,
    suspended_days: int,
    corrected_days: int,
    calendar: WorkingCalendar,
) -> date | None:
    """Return when silence decides, from what is known of the file (CRPA L114-5, L231-1, L231-4).

    Args:
        completed_at: when the last missing document came; None when none was ever missing.
        incomplete: whether something is missing now. An acceptance has then no date; a
            rejection, and an acceptance whose file is only to be corrected, keep the one they
            have without the days still running.
        suspended_days: for a rejection, the days the clock was stopped so far.
        corrected_days: for an acceptance, those since the file was complete.
    """
    start, stopped = arrived_at, suspended_days
    if prestation.silence_effect == SilenceEffect.ACCEPTATION:
        if incomplete:
            return None
        start, stopped = completed_at or arrived_at, corrected_days
    decided = implicit_decision_date(prestation, start, calendar)
    return decided + timedelta(days=stopped) if decided else None


def accepted_on(service_request, today: date) -> date | None:
    """Return the day on which silence accepted a request (CRPA L231-1); None when it has not.

    A rejection regime never accepts, an answer in time ends the clock, missing documents stop it.
    """
    return _silence_decided(service_request, SilenceEffect.ACCEPTATION, today)


def refused_on(service_request, today: date) -> date | None:
    """Return the day on which silence refused a request (CRPA L231-4); None when it has not."""
    return _silence_decided(service_request, SilenceEffect.REJET, today)


def _silence_decided(service_request, effect: SilenceEffect, today: date) -> date | None:
    day, answered = service_request.implicit_decision_at, service_request.answered_at
    if service_request.silence_effect != effect or day is None or day > today:
        return None
    if service_request.legal_paused_at is not None:
        return None
    if answered is not None and answered.astimezone(PARIS).date() <= day:
        return None
    return day


def appeal_until(service_request, decided: date, calendar: WorkingCalendar) -> date | None:
    """Return the last day to contest what silence decided; None when there is no limit.

    Two months, neither their first nor their last day counted (CJA R421-2, R421-5). A request
    that was not acknowledged is bound by no limit (CRPA L112-6).
    """
    if service_request.acknowledged_at is None:
        return None
    start = datetime.combine(decided, MORNING, tzinfo=PARIS)
    end = calendar.add(start, APPEAL_MONTHS, DelayUnit.MONTHS) + timedelta(days=1)
    return lawful_end(end).date()


def suspended_days(paused_at: datetime, resumed_at: datetime, until: date | None) -> int:
    """Return the days the law's clock was stopped.

    Args:
        until: the day set for the documents; the suspension ends there at the latest, even
            when they come later (CRPA L114-5).
    """
    end = resumed_at.astimezone(PARIS).date()
    if until is not None:
        end = min(end, until)
    return max((end - paused_at.astimezone(PARIS).date()).days, 0)
