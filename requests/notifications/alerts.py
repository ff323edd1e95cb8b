"""Internal mail when a date comes near or is missed; once for each alert."""

from datetime import datetime

from prestations.calendars import days_between
from requests.enums import GRAVE, AlertKind, State
from requests.letters import words
from requests.letters.context import staff_link, way_to
from requests.letters.rendering import Rendered, render_template
from requests.models import RequestEvent, ServiceRequest
from requests.notifications.recipients import heads, holders, supervisors
from requests.notifications.sending import mail_staff
from requests.notifications.tasks import people_chased
from requests.promises import is_late

TASK_ALERTS = (AlertKind.TASK_SOON, AlertKind.TASK_LATE, AlertKind.TASK_UNANSWERED)
REASONS_ALERTS = (AlertKind.REASONS_ASKED, AlertKind.REASONS_SOON)
ACTIONS = {
    AlertKind.DUE_SOON: "répondre ou demander ce qui manque",
    AlertKind.OVERDUE: "répondre, ou dire au demandeur où en est sa demande",
    AlertKind.SEVERELY_LATE: "décider aujourd'hui de la suite et l'écrire au demandeur",
    AlertKind.THREE_TIMES_LATE: "appeler le demandeur aujourd'hui et répondre",
    AlertKind.EXPERT_LATE: "rendre la conclusion du service",
    AlertKind.UNACKNOWLEDGED: "orienter ou prendre la demande : l'accusé part aussitôt",
    AlertKind.UNASSIGNED: "nommer un chargé de dossier",
    AlertKind.IMPLICIT_DECISION: "répondre : le silence va décider, ou a décidé",
    AlertKind.REASONS_ASKED: "donner les motifs du refus né du silence, avec le service",
    AlertKind.REASONS_SOON: "donner les motifs du refus né du silence",
    AlertKind.TASK_SOON: "rendre le travail demandé à votre service",
    AlertKind.TASK_LATE: "rendre le travail demandé au service, ou le retirer",
    AlertKind.TASK_UNANSWERED: "accepter ou refuser le travail demandé à votre service",
    AlertKind.PIECES_OVERDUE: "statuer avec les pièces reçues, ou relancer le demandeur",
}


def alert(event: RequestEvent) -> None:
    """Write to those whom an alert concerns (reference.yaml `alert_levels`)."""
    kind = AlertKind(event.data["kind"])
    if kind == AlertKind.INTERIM_REPLY:
        return
    service_request = event.request
    if kind in TASK_ALERTS:
        told = _briefly(kind, service_request)
    elif kind in REASONS_ALERTS:
        day = words.full_date(datetime.fromisoformat(event.data["about"]))
        told = _briefly(kind, service_request, until=f" au plus tard le {day}")
    elif kind == AlertKind.MISROUTED:
        told = _misrouted(service_request, event.data["about"])
    else:
        told = _words(kind, service_request, event.at)
    mail_staff(
        _concerned(kind, service_request),
        told,
        key=f"request.alert:{event.pk}",
        service_request=service_request,
    )


def _concerned(kind: AlertKind, service_request: ServiceRequest) -> list:
    if kind in (AlertKind.DUE_SOON, AlertKind.PIECES_OVERDUE, AlertKind.MISROUTED):
        return holders(service_request)
    if kind == AlertKind.EXPERT_LATE:
        return [*heads(service_request), *holders(service_request)]
    if kind in (AlertKind.IMPLICIT_DECISION, AlertKind.UNACKNOWLEDGED, *REASONS_ALERTS):
        everyone = [*holders(service_request), *heads(service_request)]
        return [*everyone, *supervisors(service_request)]
    if kind in TASK_ALERTS:
        return people_chased(kind, service_request.pk)
    if kind in (AlertKind.OVERDUE, *GRAVE):
        return [*heads(service_request), *supervisors(service_request), *holders(service_request)]
    return [*heads(service_request), *supervisors(service_request)]


def _briefly(kind: AlertKind, service_request: ServiceRequest, until: str = "") -> Rendered:
    return Rendered(
        code="",
        subject=f"[{service_request.reference}] {str(kind.label).lower()}",
        body=f"{kind.label}. Action attendue : {ACTIONS[kind]}{until}.\n\n"
        f"{way_to(service_request)}",
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
