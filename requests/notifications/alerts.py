"""Internal mail about one alert, once: what is grave, and whatever a person wants each of."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.calendars import PARIS, days_between, midnight
from prestations.enums import AlertMail, Rung
from prestations.models import AlertMailChoice, EscalationStep
from requests.enums import TASK_ALERTS, AlertKind, NoticeKind, State
from requests.letters import words
from requests.letters.context import staff_link, way_to
from requests.letters.rendering import Rendered, render_template
from requests.models import RequestEvent, ServiceRequest, Task
from requests.notifications.recipients import heads, holders, supervisors
from requests.notifications.sending import tell_staff
from requests.notifications.tasks import people_chased
from requests.promises import is_late

KEY = "request.alert"  # of the mails about alerts
A_FEW = 3  # mails of their own about alerts that a person gets in a day; the day's mail has all
REASONS_ALERTS = (AlertKind.REASONS_ASKED, AlertKind.REASONS_SOON)
ACTIONS = {
    AlertKind.DUE_SOON: "répondre ou demander ce qui manque",
    AlertKind.OVERDUE: "répondre, ou dire au demandeur où en est sa demande",
    AlertKind.SEVERELY_LATE: "décider aujourd'hui de la suite et l'écrire au demandeur",
    AlertKind.THREE_TIMES_LATE: "appeler le demandeur aujourd'hui et répondre",
    AlertKind.EXPERT_LATE: "rendre la conclusion du service",
    AlertKind.UNACKNOWLEDGED: "orienter ou prendre la demande : l'accusé part aussitôt",
    AlertKind.FIRST_ANSWER_LATE: "écrire au demandeur où en est sa demande",
    AlertKind.UNASSIGNED: "nommer un chargé de dossier",
    AlertKind.IMPLICIT_DECISION: "répondre : le silence va décider, ou a décidé",
    AlertKind.REASONS_ASKED: "donner les motifs du refus né du silence, avec le service",
    AlertKind.REASONS_SOON: "donner les motifs du refus né du silence",
    AlertKind.CALL_LATE: "rappeler le demandeur aujourd'hui",
    AlertKind.TASK_SOON: "rendre le travail demandé à votre service",
    AlertKind.TASK_LATE: "rendre le travail demandé au service, ou le retirer",
    AlertKind.TASK_UNANSWERED: "accepter ou refuser le travail demandé à votre service",
    AlertKind.QUESTION_UNANSWERED: "décider avec ce que vous savez, ou appeler le demandeur",
    AlertKind.UNCOLLECTED: "clore la demande : le document n'a pas été retiré",
    AlertKind.PIECES_OVERDUE: "statuer avec les pièces reçues, ou relancer le demandeur",
}


def alert(event: RequestEvent) -> None:
    """Write to those who stand on its step of the ladder, at once where it is grave.

    The others read it in the day's mail, unless they chose a mail for each; so does whoever had
    `A_FEW` such mails that day, as when the scheduler catches up.
    """
    kind = AlertKind(event.data["kind"])
    if kind == AlertKind.INTERIM_REPLY:
        return
    service_request = event.request
    if kind in TASK_ALERTS:  # whom the task names: no rung of the ladder
        task = Task.objects.select_related("department", "asked_by", "accepted_by").get(
            pk=event.data["task"]
        )
        people, at_once = people_chased(kind, task), False
        told = _about_task(kind, task, service_request)
    else:
        step = EscalationStep.objects.get(pk=kind)
        people, at_once = told_on(step, service_request), step.at_once
        if kind == AlertKind.CALL_LATE:
            people += promised_by_phone(service_request)
        told = _told(kind, service_request, event)
    now_told = _with_room(people, event.at) if at_once else []
    if kind == AlertKind.CALL_LATE:  # somebody waits by their telephone
        now_told = people
    tell_staff(
        event,
        NoticeKind.ALERT,
        [*now_told, *wanting_each(people)],
        told,
        key=f"{KEY}:{event.pk}",
        on_page=people,
        about=kind,
    )


def told_on(step: EscalationStep, service_request: ServiceRequest) -> list[User]:
    """Who stands on a step of the ladder, for one request; a director reads figures alone."""
    rungs = {Rung.AGENT: holders, Rung.CHEF: heads, Rung.SUPERVISEUR: supervisors}
    return [
        person
        for rung, people in rungs.items()
        if rung in step.told
        for person in people(service_request)
    ]


def promised_by_phone(service_request: ServiceRequest) -> list[User]:
    """Who has promised to call the requester, and has not yet."""
    waiting = service_request.call_backs.filter(done_at=None).select_related("owner")
    return [one.owner for one in waiting]


def had_a_few(people: Collection[User], since: datetime) -> set[int]:
    """Who had all the mails about alerts that one day may bring, on the day of `since` or after."""
    sent = Delivery.objects.filter(
        internal=True,
        to__in=[person.email for person in people],
        created_at__gte=midnight(since.astimezone(PARIS).date()),
        key__startswith=f"{KEY}:",
    )
    counts = sent.values_list("to").annotate(count=Count("pk")).filter(count__gte=A_FEW)
    full = {address for address, _count in counts}
    return {person.pk for person in people if person.email in full}


def _with_room(people: list[User], now: datetime) -> list[User]:
    """Those who had only few mails about alerts today; two workers count one after the other."""
    numbers = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))
    full = had_a_few(people, now)
    return [person for person in people if person.pk not in full]


def wanting_each(people: list[User]) -> list[User]:
    """Those who asked for a mail for each alert; the others read it in the day's."""
    chose = AlertMailChoice.objects.filter(choice=AlertMail.EACH, user__in=people)
    each = set(chose.values_list("user", flat=True))
    return [person for person in people if person.pk in each]


def _told(kind: AlertKind, service_request: ServiceRequest, event: RequestEvent) -> Rendered:
    about = event.data["about"]
    if kind == AlertKind.MISROUTED:
        return _misrouted(service_request, about)
    if kind == AlertKind.CALL_LATE:
        return _briefly(kind, service_request)
    if kind in REASONS_ALERTS:
        day = words.full_date(datetime.fromisoformat(about))
        return _briefly(kind, service_request, until=f" au plus tard le {day}")
    return _words(kind, service_request, event.at)


def _briefly(kind: AlertKind, service_request: ServiceRequest, until: str = "") -> Rendered:
    return Rendered(
        code="",
        subject=f"[{service_request.reference}] {str(kind.label).lower()}",
        body=f"{kind.label}. Action attendue : {ACTIONS[kind]}{until}.\n\n"
        f"{way_to(service_request)}",
    )


def _about_task(kind: AlertKind, task: Task, service_request: ServiceRequest) -> Rendered:
    return Rendered(
        code="",
        subject=f"[{service_request.reference}] {str(kind.label).lower()}",
        body=f"{kind.label} ({task.department.label}, pour le {words.full_date(task.due_at)})."
        f" Action attendue : {ACTIONS[kind]}.\n\n{task.asked}\n\n{way_to(service_request)}",
    )


def _misrouted(service_request: ServiceRequest, about: str) -> Rendered:
    """What the front office's manager is told of a request that no rule can place."""
    if about.startswith("closed:"):
        why = "Le service auquel elle revient est fermé."
    else:
        why = "Elle est passée de service en service sans qu'aucun ne la traite."
    return Rendered(
        code="",
        subject=f"[{service_request.reference}] orientation à décider",
        body=f"La demande {service_request.reference} ({service_request.prestation.label}) vous"
        f" est confiée. {why}\n\nChoisissez le service qui la traitera, ou répondez vous-même."
        f"\n\n{way_to(service_request)}",
    )


def _words(kind: AlertKind, service_request: ServiceRequest, now: datetime) -> Rendered:
    if kind == AlertKind.EXPERT_LATE:
        since = service_request.department_due_at or service_request.due_at
        return render_template(
            "relance-service", service_request, retour={"date": words.full_date(since)}
        )
    late = is_late(service_request, now)
    days = words.day_count(abs(days_between(now, service_request.due_at)))
    officer = service_request.assignee
    alerte = {
        "date": words.full_date(now),
        "delai_restant": "" if late else days,
        "retard": days if late else "",
        "raison": str(State(service_request.state).label),
        "charge_dossier": officer.get_full_name() if officer else "",
        "action": ACTIONS[kind],
        "lien": staff_link(service_request),
    }
    code = "alerte-retard" if late else "alerte-echeance-proche"
    rendered = render_template(code, service_request, alerte=alerte)
    return Rendered(
        code=code,
        subject=rendered.subject,
        body=f"{kind.label}. Action attendue : {ACTIONS[kind]}.\n\n{rendered.body}"
        if not late
        else f"{kind.label}.\n\n{rendered.body}",
    )
