"""What time does by itself: alerts, the interim reply, the acknowledgement's mark."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from prestations.calendars import PARIS, WorkingCalendar, town_calendar
from prestations.enums import ELECTRONIC_CHANNELS, Acknowledgement, DelayUnit
from prestations.models import EscalationStep
from requests import deadlines
from requests.actions.clocks import clear_alerts, resume_legal_clock
from requests.actions.core import record
from requests.enums import (
    FINAL_STATES,
    LATENESS,
    PAUSED_STATES,
    STOPPED_STATES,
    AlertKind,
    State,
    Verb,
)
from requests.models import Alert, ServiceRequest, Task

HANDLING = (State.ENREGISTREE, State.A_QUALIFIER, State.EN_COURS, State.TRANSMISE)


@transaction.atomic
def raise_alert(
    *, request_id: int, kind: AlertKind, about: str, now: datetime | None = None
) -> Alert | None:
    """Raise an alert once for one event: the same `kind` and `about` never alert twice.

    Args:
        about: what the alert is about, usually the date missed, in ISO form; when the date
            moves, a later miss is another event.

    Returns:
        The alert, or None when it was raised before or the request needs none any more.
    """
    service_request = locked(request_id)
    if service_request is None:
        return None
    return alert_about(service_request, kind=kind, about=about, now=now or timezone.now())


def alert_about(
    service_request: ServiceRequest,
    *,
    kind: AlertKind,
    about: str,
    now: datetime,
    task: Task | None = None,
) -> Alert | None:
    """Do what `raise_alert` does, on a request that the caller has locked; or about one task."""
    if service_request.state in FINAL_STATES:
        return None
    if kind == AlertKind.CALL_LATE and not _call_is_late(service_request, now):
        return None  # made or moved meanwhile
    alert, created = Alert.objects.get_or_create(
        request=service_request, task=task, kind=kind, about=about, defaults={"raised_at": now}
    )
    if not created:
        if alert.cleared_at is not None:  # told before and true again: stands, is not told twice
            alert.cleared_at = None
            alert.save(update_fields=["cleared_at"])
        return None
    if kind == AlertKind.PIECES_OVERDUE:
        resume_legal_clock(service_request, now, complete=False)
    data: dict[str, Any] = {"kind": kind, "about": about, "alert": alert.pk}
    if task is not None:
        data |= {"task": task.pk, "department": task.department_id}
    record(service_request, Verb.ALERT, now=now, data=data, quiet=True)
    return alert


def _call_is_late(service_request: ServiceRequest, now: datetime) -> bool:
    return service_request.call_backs.filter(done_at=None, ends_at__lt=now).exists()


@transaction.atomic
def send_interim_reply(*, request_id: int, now: datetime | None = None) -> ServiceRequest | None:
    """Send the interim reply, once: the request is still open before two months.

    It tells the requester a new date, which is the due date from now on; it never claims to
    stop the implicit decision. Nothing leaves while the requester owes an answer, nor once the
    answer has left or the document waits at the counter.
    """
    now = now or timezone.now()
    service_request = locked(request_id)
    if (
        service_request is None
        or service_request.state in (*STOPPED_STATES, *PAUSED_STATES)
        or service_request.answered_at is not None
        or service_request.interim_sent_at is not None
        or service_request.interim_due_at is None
        or service_request.interim_due_at > now
    ):
        return None
    service_request.interim_sent_at = now
    promised = deadlines.promised_by(now, town_calendar())
    if promised > service_request.due_at:
        service_request.due_at = promised
        clear_alerts(service_request, now, *LATENESS)
    Alert.objects.get_or_create(
        request=service_request,
        kind=AlertKind.INTERIM_REPLY,
        about=service_request.interim_due_at.isoformat(),
        defaults={"raised_at": now},
    )
    record(service_request, Verb.INTERIM, now=now, quiet=True)
    return service_request


@transaction.atomic
def send_reminder(*, request_id: int, now: datetime | None = None) -> ServiceRequest | None:
    """Remind the requester, once, of a question left open or of a document that waits (L22).

    A question gets another fifteen days; after them its agent is told, not the ladder.
    """
    now = now or timezone.now()
    service_request = locked(request_id)
    if (
        service_request is None
        or service_request.remind_at is None
        or service_request.remind_at > now
    ):
        return None
    service_request.remind_at = None
    if service_request.state == State.ATTENTE_DEMANDEUR:
        service_request.awaited_until = deadlines.answer_awaited(now).until
    record(service_request, Verb.REMIND, now=now, quiet=True)
    return service_request


@transaction.atomic
def acknowledge(
    *, request_id: int, document_id: int | None = None, now: datetime | None = None
) -> ServiceRequest:
    """Note that the acknowledgement left; without it, time limits do not bind (L3)."""
    now = now or timezone.now()
    service_request = ServiceRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if service_request.acknowledged_at is None:
        service_request.acknowledged_at = now
        clear_alerts(service_request, now, AlertKind.UNACKNOWLEDGED)
        record(
            service_request,
            Verb.ACKNOWLEDGE,
            now=now,
            data={"document": document_id},
            quiet=True,
        )
    return service_request


def due_alerts(
    *, now: datetime, calendar: WorkingCalendar, limit: int
) -> list[tuple[int, AlertKind, str]]:
    """Return ``(request id, kind, about)`` for each alert that is due and not yet raised.

    Shares and days are those of the ladder (`EscalationStep`).

    Oldest dates first, at most `limit` of each kind, so that a beat stopped for a day
    catches up in order and without a storm. A request whose requester owes the answer is
    never escalated.
    """
    unanswered = ServiceRequest.objects.open().leading().filter(answered_at=None)
    running = unanswered.running()
    ladder = EscalationStep.objects.in_bulk()
    timed = running.annotate(
        soon_at=_at_share(ladder[AlertKind.DUE_SOON].share),
        severe_at=_at_share(ladder[AlertKind.SEVERELY_LATE].share),
        threefold_at=_at_share(ladder[AlertKind.THREE_TIMES_LATE].share),
    )
    late = timed.filter(due_at__lt=now)
    warning = timedelta(days=ladder[AlertKind.IMPLICIT_DECISION].days)
    warned_until = (now + warning).astimezone(PARIS).date()
    without_officer_since = calendar.add(now, -ladder[AlertKind.UNASSIGNED].days, "working_days")
    today = now.astimezone(PARIS).date()
    # the reminder has left, and its day has passed too
    awaited = ServiceRequest.objects.open().filter(remind_at=None, awaited_until__lt=today)
    plans: list[tuple[AlertKind, Any, str]] = [
        # entered late, or after a stop: the gravest one alone is told
        (AlertKind.THREE_TIMES_LATE, late.filter(threefold_at__lte=now), "due_at"),
        (AlertKind.SEVERELY_LATE, late.filter(severe_at__lte=now, threefold_at__gt=now), "due_at"),
        (AlertKind.OVERDUE, late.filter(severe_at__gt=now), "due_at"),
        (AlertKind.DUE_SOON, timed.filter(due_at__gte=now, soon_at__lte=now), "due_at"),
        (
            AlertKind.EXPERT_LATE,
            unanswered.to_give_back().filter(department_due_at__lt=now),
            "department_due_at",
        ),
        (
            AlertKind.IMPLICIT_DECISION,
            # the law's clock runs on while a question waits; only missing documents stop it, and
            # those of a lead stop its own alone
            ServiceRequest.objects.open()
            .exclude(state__in=STOPPED_STATES)
            .filter(answered_at=None, legal_paused_at=None, implicit_decision_at__lte=warned_until),
            "implicit_decision_at",
        ),
        (
            AlertKind.PIECES_OVERDUE,
            unanswered.annotate(
                due_on=Max("pieces__due_on", filter=Q(pieces__received_at=None))
            ).filter(due_on__lt=today),
            "due_on",
        ),
        (
            AlertKind.REASONS_SOON,
            # owed to whoever asked, merged or not
            ServiceRequest.objects.open().filter(
                answered_at=None,
                reasons_given_at=None,
                reasons_due_at__lte=now + timedelta(days=ladder[AlertKind.REASONS_SOON].days),
            ),
            "reasons_due_at",
        ),
        (
            AlertKind.CALL_LATE,
            # promised to this person, whoever answers the request
            ServiceRequest.objects.open()
            .annotate(called_by=Min("call_backs__ends_at", filter=Q(call_backs__done_at=None)))
            .filter(called_by__lt=now),
            "called_by",
        ),
        (
            AlertKind.UNACKNOWLEDGED,
            _unacknowledged(unanswered, now, calendar, ladder[AlertKind.UNACKNOWLEDGED].days),
            "arrived_at",
        ),
        (
            AlertKind.QUESTION_UNANSWERED,
            awaited.filter(state=State.ATTENTE_DEMANDEUR),
            "awaited_until",
        ),
        (AlertKind.UNCOLLECTED, awaited.filter(state=State.A_RETIRER), "awaited_until"),
        (
            AlertKind.UNASSIGNED,
            running.filter(state__in=HANDLING, assignee=None)
            .annotate(waiting_since=Coalesce("department_since", "arrived_at"))
            .filter(
                Q(take_due_at=None, waiting_since__lte=without_officer_since)
                | Q(take_due_at__lte=now)
            ),
            "waiting_since",
        ),
        (
            AlertKind.FIRST_ANSWER_LATE,
            running.filter(first_answered_at=None, first_answer_due_at__lt=now),
            "first_answer_due_at",
        ),
    ]
    due = []
    for kind, candidates, date_field in plans:
        standing = Alert.objects.filter(kind=kind, cleared_at=None).values("request")
        rows = (
            candidates.exclude(pk__in=standing)
            .order_by(date_field, "pk")
            .values_list("pk", date_field)[:limit]
        )
        due += [(request_id, kind, moment.isoformat()) for request_id, moment in rows]
    return sorted(due, key=lambda one: one[2])


def _unacknowledged(rows, now: datetime, calendar: WorkingCalendar, days: int):
    """Those whose acknowledgement is still owed near the end of its ten working days (L112-11).

    Only where somebody can be written to; on paper the prestation may be exempt (R112-4).
    """
    owed = Q(channel__in=ELECTRONIC_CHANNELS) | ~Q(
        prestation__acknowledgement=Acknowledgement.EXEMPT_PAPER
    )
    told_since = calendar.add(now, -days, DelayUnit.WORKING_DAYS)
    waiting = rows.filter(owed, acknowledged_at=None, arrived_at__lte=told_since)
    return waiting.exclude(requester_email="", requester_address="")


def due_interim_replies(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of open requests whose interim reply must leave, oldest first."""
    return list(
        ServiceRequest.objects.open()
        .running()
        .filter(interim_sent_at=None, answered_at=None, interim_due_at__lte=now)
        .order_by("interim_due_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )


def due_reminders(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of the requests whose requester must be reminded, oldest first."""
    return list(
        ServiceRequest.objects.filter(remind_at__lte=now)
        .order_by("remind_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )


def _at_share(share: float) -> ExpressionWrapper:
    """The moment at which this share of the delay from arrival to due date has passed."""
    part = ExpressionWrapper((F("due_at") - F("arrived_at")) * share, output_field=DurationField())
    return ExpressionWrapper(F("arrived_at") + part, output_field=DateTimeField())


def locked(request_id: int) -> ServiceRequest | None:
    """Lock a request for what time does to it; None when there is none."""
    found = ServiceRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if found is not None:
        found.due_before = found.due_at  # `record` tells when it moves
    return found
