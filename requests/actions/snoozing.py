"""Setting a request aside for a time, in one's own work alone (use bar 35).

It hides nothing from colleagues, from the search or from alerts, and no clock stops. Acts that
bring it back at once: `requests.actions.waking`.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS, town_calendar
from requests.actions.core import open_request, record
from requests.actions.waking import come_back, see_back
from requests.enums import SnoozePreset, Verb, WakeReason
from requests.exceptions import MissingInput
from requests.models import ServiceRequest, Snooze
from requests.snoozes import LONGEST_DAYS, moments, morning_of


@transaction.atomic
def snooze_request(
    *,
    request_id: int,
    actor,
    preset: str,
    reason: str = "",
    on: date | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Take a request out of the actor's own work until a moment; a second time moves the first.

    Args:
        preset: a `SnoozePreset`.
        on: the day, with `SnoozePreset.DAY`.

    Raises:
        NotAllowed: it is not among the actor's work.
        MissingInput: no day, or a moment that cannot be.
    """
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.SNOOZE, actor=actor)
    until = _until(SnoozePreset(preset), on, now)
    come_back(_away(service_request, actor), WakeReason.BY_HAND, actor, now)
    snooze = Snooze.objects.create(
        request=service_request,
        agent=actor,
        preset=preset,
        reason=reason.strip(),
        set_at=now,
        until=until,
    )
    data = {"snooze": snooze.pk, "until": until.isoformat(), "preset": preset}
    record(service_request, Verb.SNOOZE, actor=actor, now=now, data=data, quiet=True)
    return service_request


@transaction.atomic
def end_snooze(*, request_id: int, actor, now: datetime | None = None) -> None:
    """Take a request up again that one had set aside, or say that its return was seen."""
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.WAKE)
    see_back(service_request, actor, now)
    if away := _away(service_request, actor):
        data = come_back(away, WakeReason.BY_HAND, actor, now)
        record(service_request, Verb.WAKE, actor=actor, now=now, data=data, quiet=True)


def due_back(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of the requests that were set aside until now, the earliest first."""
    due = Snooze.objects.away().filter(until__lte=now).order_by("until", "pk")
    return list(dict.fromkeys(due.values_list("request", flat=True)[:limit]))


@transaction.atomic
def bring_back(*, request_id: int, now: datetime | None = None) -> ServiceRequest | None:
    """Bring a request back to those who set it aside until now; done twice, nothing changes."""
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.WAKE)
    due = list(service_request.snoozes.away().filter(until__lte=now))
    if not due:
        return None
    data = come_back(due, WakeReason.TIME, None, now)
    record(service_request, Verb.WAKE, now=now, data=data, quiet=True)
    return service_request


def _away(service_request: ServiceRequest, actor) -> list[Snooze]:
    return list(service_request.snoozes.away().filter(agent=actor))


def _until(preset: SnoozePreset, on: date | None, now: datetime) -> datetime:
    calendar = town_calendar()
    if preset != SnoozePreset.DAY:
        until = moments(now, calendar).get(preset)
        if until is None:
            raise MissingInput(_("La journée se termine : choisissez un autre moment."))
        return until
    today = now.astimezone(PARIS).date()
    if on is None:
        raise MissingInput(_("Choisissez le jour de son retour."))
    if not today < on <= today + timedelta(days=LONGEST_DAYS):
        raise MissingInput(_("Choisissez un jour à venir, d’ici un an."))
    return morning_of(on, calendar)
