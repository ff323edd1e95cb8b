"""What the requester reads: where the request stands, what happened, what comes next.

Public wording only. What goes on inside a department is not told apart (S27), and internal
notes are not even read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from massy_grc.common.words import date_words, time_words
from prestations.models import Department
from prestations.translation import catalogue_text
from requests.actions import may_reopen
from requests.actions.outcome import REOPEN_DAYS
from requests.collection import Collection, collection_of
from requests.corrections import last_corrections
from requests.enums import FINAL_STATES, PAUSED_STATES, PUBLIC_LABELS, State, Verb
from requests.models import PieceRequest, RequestEvent, ServiceRequest
from requests.moved_dates import REASONS, closures_behind, moved_to, moved_words
from requests.promises import is_late, promise, silence_words
from requests.refusal import Refusal, coming_back, refusal_of
from requests.shared_answers import same_person
from requests.telling import acknowledges_requester

STATE_KINDS = {
    State.ENREGISTREE: "new",
    State.A_QUALIFIER: "new",
    State.ATTENTE_PIECES: "waiting",
    State.ATTENTE_DEMANDEUR: "waiting",
    State.RENDEZ_VOUS: "appointment",
    State.A_RETIRER: "ready",
    State.CLOSE: "done",
    State.ANNULEE: "cancelled",
}

# The events a requester reads, in their words; any other verb is inside work.
PUBLIC_EVENTS = {
    Verb.FILE: gettext_lazy("Demande reçue"),
    Verb.ROUTE: gettext_lazy("Confiée au service compétent"),
    Verb.TRANSFER: gettext_lazy("Confiée au service compétent"),
    Verb.ASK_PIECES: gettext_lazy("Pièces demandées"),
    Verb.ASK_QUESTION: gettext_lazy("Question posée"),
    Verb.SUPPLY: gettext_lazy("Réponse reçue, traitement repris"),
    Verb.CORRECT: gettext_lazy("Réponses corrigées par un agent de la mairie"),
    Verb.SET_APPOINTMENT: gettext_lazy("Rendez-vous fixé"),
    Verb.READY: gettext_lazy("Document prêt à retirer"),
    Verb.WRITE: gettext_lazy("Message de la mairie"),
    Verb.RECEIVE: gettext_lazy("Message envoyé à la mairie"),
    Verb.ANSWER: gettext_lazy("Réponse envoyée"),
    Verb.CLOSE: gettext_lazy("Demande terminée"),
    Verb.FORWARD: gettext_lazy("Transmise à une autre administration"),
    Verb.REOPEN: gettext_lazy("Demande rouverte"),
    Verb.WITHDRAW: gettext_lazy("Demande annulée, comme vous l’avez souhaité"),
    Verb.CANCEL: gettext_lazy("Demande annulée"),
    Verb.ACKNOWLEDGE: gettext_lazy("Accusé de réception envoyé"),
    Verb.INTERIM: gettext_lazy("Point d’étape envoyé"),
    Verb.EXTEND: gettext_lazy("Délai de réponse prolongé"),
    Verb.ASK_REASONS: gettext_lazy("Motifs du refus demandés"),
    Verb.GIVE_REASONS: gettext_lazy("Motifs du refus envoyés"),
    Verb.REMIND: gettext_lazy("Rappel envoyé"),
    Verb.MERGE: gettext_lazy("Traitée avec une autre demande sur le même sujet"),
    Verb.UNMERGE: gettext_lazy("De nouveau traitée à part"),
}


@dataclass(frozen=True)
class Step:
    """An act or a next step: what, and when in words or as a date."""

    title: str
    date: datetime | str = ""
    text: str = ""


@dataclass(frozen=True)
class Progress:
    """One line of a list: where the request stands, in words.

    `beside` is what its state's badge does not say already.
    """

    sentence: str
    beside: str
    state: str
    kind: str


@dataclass(frozen=True)
class Standing:
    """Where the request stands: what fits on the first screen of a phone.

    `silence` is what the law makes of the town's silence, when its day is not that of the answer;
    `corrected` says when an agent last corrected an answer, by its key.
    """

    sentence: str
    silence: str
    state: str
    kind: str
    last_act: Step
    next_step: Step
    responsible: str
    timeline: list[dict]
    corrected: dict[str, datetime]
    refusal: Refusal | None
    coming_back: str


def standing(
    service_request: ServiceRequest, pieces: list[PieceRequest], now: datetime
) -> Standing:
    """Describe the request for its requester.

    Args:
        service_request: with prestation, department, team, site and closing reason at hand.
        pieces: those still missing.
        now: decides whether an answer is late.
    """
    events = public_events(service_request)
    acts = public_acts(service_request, events)
    collection = collection_of(service_request)
    next_step = _next_step(service_request, pieces, collection, now)
    state = State(service_request.state)
    refusal = refusal_of(service_request)
    refused = _("Votre demande est refusée. Lisez ci-dessous pourquoi et comment contester.")
    line = progress(service_request, pieces, now, refused=refusal is not None)
    sentence = _come_and_collect(collection) if collection else line.sentence
    return Standing(
        sentence=refused if refusal else sentence,
        silence=silence_words(service_request, now),
        state=line.state,
        kind=line.kind,
        last_act=acts[-1],
        next_step=next_step,
        responsible=_responsible(service_request),
        timeline=_timeline(acts, next_step, final=state in FINAL_STATES),
        corrected={key: event.at for key, event in last_corrections(events).items()},
        refusal=refusal,
        coming_back=coming_back(service_request, refusal),
    )


def progress(
    service_request: ServiceRequest,
    pieces: list[PieceRequest],
    now: datetime,
    *,
    refused: bool = False,
) -> Progress:
    """Say in one sentence where the request stands; no query beyond what is at hand.

    Args:
        service_request: with prestation, department, team, site and closing reason at hand.
        pieces: those still missing.
        now: decides whether an answer is late.
        refused: a refusal closed it.
    """
    sentence = _sentence(service_request, pieces, now)
    if refused:
        sentence = _("Votre demande est refusée.")
    final = service_request.state in FINAL_STATES and not refused
    state = State.EN_COURS if lead_of(service_request) else State(service_request.state)
    return Progress(
        sentence=sentence,
        beside=_end(service_request) if final else sentence,
        state=_("Refusée") if refused else str(PUBLIC_LABELS[state]),
        kind="refused" if refused else STATE_KINDS.get(state, "progress"),
    )


def lead_of(service_request: ServiceRequest) -> ServiceRequest | None:
    """The request that is worked on in this one's place, while it is.

    Only where it stands is told, and its number when one person filed both: else whose it is, its
    number and its words are somebody else's.
    """
    return service_request.merged_into if service_request.is_open else None


def public_events(service_request: ServiceRequest) -> list[RequestEvent]:
    """The events that the requester reads, oldest first."""
    return [
        event
        for event in service_request.events.told(timezone.now()).order_by("number")
        if event.verb in PUBLIC_EVENTS or (event.verb in REASONS and moved_to(event))
    ]


def public_acts(service_request: ServiceRequest, events: Sequence[RequestEvent]) -> list[Step]:
    """The public `events` in words, oldest first; what repeats itself is told once."""
    codes = {_department_code(event) for event in events} - {None}
    departments = Department.objects.filter(pk__in=codes).values_list("pk", "label")
    labels = {code: catalogue_text(label) for code, label in departments}
    closures = closures_behind(events)
    acts: list[Step] = []
    previous = None
    for event in events:
        title = _act_title(event, labels, service_request)
        if event.verb == Verb.CLOSE and previous == (Verb.ANSWER, event.at):
            # the answer that closes is one act for its reader
            acts[-1] = Step(_("Réponse envoyée, demande terminée"), event.at)
        elif event.verb == Verb.CLOSE and previous == (Verb.FORWARD, event.at):
            continue  # so is sending it on
        else:
            if acts and acts[-1].title == title and not acts[-1].text:
                acts.pop()  # told once, as of the last time
            filed = event.verb == Verb.FILE  # a letter may be entered days after it arrived
            at = service_request.arrived_at if filed else event.at
            acts.append(Step(title, at, moved_words(event, closures)))
        previous = (event.verb, event.at)
    return acts


def _department_code(event) -> str | None:
    return (event.data or {}).get("department") if event.to_state == State.TRANSMISE else None


def _act_title(event, labels: dict, service_request: ServiceRequest) -> str:
    verb = Verb(event.verb)
    if verb in {Verb.ROUTE, Verb.TRANSFER}:
        department = labels.get(_department_code(event))
        if department:
            return _("Confiée au service « %(name)s »") % {"name": department}
        return _("Confiée à l’équipe « %(name)s »") % {
            "name": catalogue_text(service_request.team.label)
        }
    if verb == Verb.SUPPLY and event.to_state in PAUSED_STATES:
        return _("Envoi reçu")
    if verb == Verb.ANSWER and event.to_state == State.A_RETIRER:
        verb = Verb.READY
    if verb == Verb.ACKNOWLEDGE and not acknowledges_requester(service_request):
        return _("Lettre envoyée à la personne concernée")
    return str(PUBLIC_EVENTS.get(verb) or _("Date de réponse modifiée"))


def _sentence(service_request: ServiceRequest, pieces: list[PieceRequest], now: datetime) -> str:
    state = State(service_request.state)
    if lead := lead_of(service_request):
        told = [_("Une autre demande porte sur le même sujet : nous les traitons ensemble.")]
        if same_person(service_request, lead):
            told = [
                _(
                    "Votre autre demande n° %(number)s porte sur le même sujet : nous les "
                    "traitons ensemble."
                )
                % {"number": lead.reference}
            ]
        told.append(_where(lead))
        if lead.state not in PAUSED_STATES:
            told.append(promise(lead, now))
        return " ".join(told)
    if state == State.ATTENTE_PIECES and any(piece.is_answer for piece in pieces):
        return _("Il nous manque des réponses pour traiter votre demande.")
    if state == State.ATTENTE_PIECES:
        count = max(len(pieces), 1)
        return ngettext(
            "Il manque une pièce pour traiter votre demande.",
            "Il manque %(count)d pièces pour traiter votre demande.",
            count,
        ) % {"count": count}
    if state == State.RENDEZ_VOUS and service_request.appointment_at:
        return _("Vous avez rendez-vous %(when)s.") % {
            "when": _moment(service_request.appointment_at)
        }
    if state == State.A_RETIRER:
        return _("Votre document est prêt. Vous pouvez le retirer en mairie.")
    fixed = {
        State.ENREGISTREE: _("Votre demande est bien reçue."),
        State.A_QUALIFIER: _("Votre demande est bien reçue. Nous la lisons."),
        State.ATTENTE_DEMANDEUR: _("Nous vous avons posé une question et attendons votre réponse."),
        State.CLOSE: _("Votre demande est terminée."),
        State.ANNULEE: _("Votre demande est annulée."),
    }.get(state)
    if state == State.CLOSE and service_request.forwarded_to:
        return _("Votre demande a été transmise à « %(name)s », qui vous répondra.") % {
            "name": catalogue_text(service_request.forwarded_to.label)
        }
    if state == State.CLOSE and service_request.closing_reason:
        return _("Votre demande est terminée : %(reason)s.") % {
            "reason": _lower_first(catalogue_text(service_request.closing_reason.label))
        }
    where = fixed or _where(service_request)
    if state in FINAL_STATES or state in PAUSED_STATES:
        return where
    return f"{where} {promise(service_request, now)}"


def _end(service_request: ServiceRequest) -> str:
    """How it ended, for who knows that it did: « Demande satisfaite. »."""
    if service_request.forwarded_to:
        return _("Transmise à « %(name)s ».") % {
            "name": catalogue_text(service_request.forwarded_to.label)
        }
    reason = service_request.closing_reason
    return f"{catalogue_text(reason.label)}." if reason else ""


def _where(service_request: ServiceRequest) -> str:
    if service_request.department and service_request.department_since:
        return _("Votre demande est chez le service « %(service)s ».") % {
            "service": catalogue_text(service_request.department.label)
        }
    return _("Notre équipe « %(team)s » traite votre demande.") % {
        "team": catalogue_text(service_request.team.label)
    }


def _come_and_collect(collection: Collection) -> str:
    return _(
        "Votre document est prêt. Venez le retirer au plus tard le %(day)s, ici : %(place)s."
    ) % {"day": date_words(collection.until), "place": collection.place}


def _next_step(
    service_request: ServiceRequest,
    pieces: list[PieceRequest],
    collection: Collection | None,
    now: datetime,
) -> Step:
    state = service_request.state
    if lead := lead_of(service_request):
        waits = lead.state in PAUSED_STATES or is_late(lead, now)
        return Step(_("Réponse de la mairie"), "" if waits else _before(lead.due_at))
    if state == State.ATTENTE_PIECES:
        due = min((piece.due_on for piece in pieces), default=None)
        answers = bool(pieces) and all(piece.is_answer for piece in pieces)
        title = _("Répondez à nos questions") if answers else _("Envoyez les pièces demandées")
        return Step(title, _before(due) if due else "")
    if state == State.ATTENTE_DEMANDEUR:
        return Step(_("Répondez à notre question"), _("le délai est suspendu en attendant"))
    if state == State.RENDEZ_VOUS and service_request.appointment_at:
        return Step(_("Votre rendez-vous"), _moment(service_request.appointment_at))
    if collection:
        return Step(_("Retirez votre document"), _before(collection.until))
    closed_at = service_request.closed_at
    if closed_at and may_reopen(service_request, now):
        until = _("jusqu’au %(day)s") % {"day": date_words(reopen_until(closed_at))}
        return Step(_("Si ce n’est pas réglé, dites-le-nous"), until)
    if state in FINAL_STATES:
        return Step(_("Plus rien à faire"))
    if is_late(service_request, now):
        return Step(
            _("Réponse de la mairie, en retard"),
            _("prévue au plus tard le %(day)s") % {"day": date_words(service_request.due_at)},
        )
    return Step(_("Réponse de la mairie"), _before(service_request.due_at))


def _responsible(service_request: ServiceRequest) -> str:
    service_request = lead_of(service_request) or service_request
    held = service_request.department_since and service_request.state not in FINAL_STATES
    if service_request.department and held:
        return catalogue_text(service_request.department.label)
    return catalogue_text(service_request.team.label)


def _timeline(acts: list[Step], next_step: Step, *, final: bool) -> list[dict]:
    steps = [
        {"title": act.title, "when": "past", "date": act.date, "text": act.text} for act in acts
    ]
    steps[-1]["when"] = "past" if final else "current"
    if not final:
        steps.append({"title": next_step.title, "when": "next", "date": next_step.date})
    return steps


def reopen_until(closed_at: datetime) -> date:
    """The last day on which the requester may say that the problem is not settled."""
    return timezone.localtime(closed_at + timedelta(days=REOPEN_DAYS)).date()


def _before(day: date) -> str:
    return _("au plus tard le %(day)s") % {"day": date_words(day)}


def _moment(when: datetime) -> str:
    return _("le %(day)s à %(time)s") % {"day": date_words(when), "time": time_words(when)}


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
