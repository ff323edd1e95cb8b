"""Internal mail to a department about what reaches it: at once, or once a working day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.calendars import PARIS, WorkingCalendar
from prestations.enums import ArrivalMail
from prestations.models import Membership
from requests.enums import STOPPED_STATES
from requests.letters import words
from requests.letters.context import way_to
from requests.letters.rendering import Rendered
from requests.models import RequestEvent, ServiceRequest
from requests.notifications.sending import GREETING, mail_staff

NAMED = 20  # requests named in one mail; the list has them all


def readers_at_once(service_request: ServiceRequest) -> list[User]:
    """Those of its department who asked for each mail at once; of an urgent one, all who read mail.

    Whoever a rule gave it to is among them.
    """
    wanted = [ArrivalMail.EACH]
    if service_request.urgent:
        wanted.append(ArrivalMail.DAILY)
    of_department = Membership.objects.filter(department=service_request.department_id)
    people = _reading(of_department).filter(
        # whom a rule has given it to would find it nowhere else than in the list
        Q(arrival_mail__in=wanted)
        | Q(user=service_request.assignee_id) & ~Q(arrival_mail=ArrivalMail.NEVER)
    )
    return [one.user for one in people]


def tell_department(event: RequestEvent) -> None:
    """Write at once to those of the department who read what reaches it."""
    service_request = event.request
    mail_staff(
        [one for one in readers_at_once(service_request) if one.pk != event.actor_id],
        Rendered(
            code="",
            subject=f"[{service_request.reference}] {_urgent(service_request)}nouvelle demande"
            " pour votre service",
            body="Cette demande est arrivée dans votre service :\n"
            f"{_line(service_request)}\n\n{way_to(service_request)}\n\n{_why()}",
        ),
        key=f"request.{event.verb}:{event.pk}:department",
        service_request=service_request,
    )


def tell_day(since: datetime | None, *, now: datetime, calendar: WorkingCalendar) -> int:
    """Write to those who asked for one mail a day what arrived and has nobody yet.

    Nothing is written when nothing has arrived since.

    Args:
        since: when the mail before left; None for the same time of the working day before.

    Returns:
        How many people have their mail of the day.
    """
    today = now.astimezone(PARIS).date()
    since = since or _same_time_of_the_working_day_before(now, calendar)
    told = 0
    for membership in _reading(Membership.objects.filter(arrival_mail=ArrivalMail.DAILY)):
        waiting = (
            ServiceRequest.objects.visible_to(membership.user)
            .leading()
            .filter(
                department=membership.department_id, department_since__isnull=False, assignee=None
            )
            .exclude(state__in=STOPPED_STATES)
        )
        fresh = waiting.filter(department_since__gt=since, department_since__lte=now)
        count = fresh.count()
        if not count:
            continue
        queue_delivery(
            key=f"arrivals:{membership.pk}:{today.isoformat()}",
            to=str(membership.user.email),  # an agent always has one
            subject=f"{_new(count)} pour votre service ({membership.department})",
            body=_day_text(fresh, count, waiting.count()),
        )
        told += 1
    return told


def _reading(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those in a department whose person is still there."""
    return memberships.filter(department__isnull=False, user__is_active=True).select_related(
        "user", "department"
    )


def _same_time_of_the_working_day_before(now: datetime, calendar: WorkingCalendar) -> datetime:
    before = now - timedelta(days=1)
    while not calendar.is_working_day(before.astimezone(PARIS).date()):
        before -= timedelta(days=1)
    return before


def _day_text(fresh: QuerySet[ServiceRequest], count: int, waiting: int) -> str:
    shown = fresh.select_related("prestation").order_by("-urgent", "due_at")[:NAMED]
    intro = "Depuis hier ou le dernier jour ouvré, sans chargé de dossier pour l'instant :"
    others = [f"- et {count - NAMED} autres"] if count > NAMED else []
    return "\n".join(
        [
            GREETING,
            "",
            intro,
            *["", *(f"- {_line(one)}" for one in shown), *others, ""],
            f"À prendre en charge en tout : {waiting}.",
            f"La liste : {settings.PUBLIC_URL}{reverse('backoffice:queue')}?vue=a-prendre",
            *["", _why()],
        ]
    )


def _new(count: int) -> str:
    return "Une nouvelle demande" if count == 1 else f"{count} nouvelles demandes"


def _line(service_request: ServiceRequest) -> str:
    day = words.full_date(service_request.due_at)
    urgent = _urgent(service_request)
    return f"{urgent}{service_request.reference}, {service_request.prestation.label}, pour le {day}"


def _urgent(service_request: ServiceRequest) -> str:
    return "URGENT, " if service_request.urgent else ""


def _why() -> str:
    page = f"{settings.PUBLIC_URL}{reverse('backoffice:preferences')}"
    return f"Choisir quand vous recevez ces courriels : {page}"
