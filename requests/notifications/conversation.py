"""Letters in the course of the work: pieces and questions, messages both ways."""

from datetime import date, timedelta

from massy_grc.users.models import User
from requests import deadlines
from requests.enums import FINAL_STATES, PAUSED_STATES, NoticeKind, PieceFault, State, Verb
from requests.letters import words
from requests.letters.composing import compose
from requests.letters.context import agent_named, file_names, way_to
from requests.letters.owed import owed_words
from requests.letters.rendering import Rendered, render_template
from requests.models import Message, RequestEvent
from requests.notifications.filing import acknowledgement, acknowledgement_is_owed
from requests.notifications.recipients import followers, holding
from requests.notifications.sending import Letter, mail, numbered, tell_staff
from requests.permissions import Right, scope_of
from requests.promises import promise_in_letter
from requests.telling import acknowledges_requester
from requests.tracking import tracking_link

ARRIVAL_PAUSE = timedelta(hours=1)


def ask_pieces(event: RequestEvent) -> Letter | None:
    """Ask for the documents of this event: names, reasons, day by which (CRPA L114-5).

    What a form was recorded without, its acknowledgement asks for; at the counter, where none is
    owed, the receipt told them.
    """
    service_request = event.request
    if event.data.get("acknowledges") and acknowledges_requester(service_request):
        is_owed = acknowledgement_is_owed(service_request)
        return acknowledgement(service_request, event.at) if is_owed else None
    asked = service_request.pieces.filter(pk__in=event.data.get("pieces", []))
    names = [f"{row.label} ({row.reason})" if row.reason else row.label for row in asked]
    if event.data.get("form"):
        names = owed_words(service_request)
    rendered = render_template(
        "demande-pieces",
        service_request,
        pieces={
            "liste": words.bullets(names),
            "date_limite": words.full_date(date.fromisoformat(event.data["due_on"])),
            "a_corriger": "oui" if asked[0].fault == PieceFault.INCORRECT else "",
        },
        **_written_by(event),
    )
    return letter_of(event, rendered, "Demande de pièces")


def ask_question(event: RequestEvent) -> Letter:
    """Put a question to the requester."""
    service_request = event.request
    rendered = render_template(
        "question-demandeur",
        service_request,
        message={
            "texte": message_of(event).body,
            "date": words.full_date(event.at),
            "date_limite": words.full_date(deadlines.answer_awaited(event.at).until),
            "lien_reponse": tracking_link(service_request),
        },
        **_written_by(event),
    )
    return letter_of(event, rendered, "Question", automatic=False)


def write(event: RequestEvent) -> Letter:
    """An agent's message, in its template or in their own words; it promises what it says."""
    rendered = compose(event.request, message_of(event), event.at)
    return letter_of(event, rendered, "Message", automatic=False, promises=False)


def extend(event: RequestEvent) -> Letter:
    """Tell the new date and its reasons, within the first month (RGPD art. 12.3)."""
    day = words.full_date(date.fromisoformat(event.data["due_on"]))
    message = message_of(event)
    message.body = (
        "Il nous faut plus de temps pour vous répondre sur vos données personnelles. "
        f"Vous aurez notre réponse au plus tard le {day}.\n\n{message.body}"
    )
    rendered = compose(event.request, message, event.at)
    return letter_of(event, rendered, "Prolongation", automatic=False, promises=False)


def merge(event: RequestEvent) -> Letter | None:
    """Tell that it is worked on with another one; once for one lead, and not once undone."""
    told = {"verb": Verb.MERGE, "data__lead": event.data["lead"], "number__lt": event.number}
    if event.request.merged_into_id is None or event.request.events.filter(**told).exists():
        return None
    rendered = render_template("demande-regroupee", event.request)
    return letter_of(event, rendered, "Regroupement", promises=False)


def give_reasons(event: RequestEvent) -> Letter:
    """The reasons of a tacit refusal, with how to contest it (CRPA L232-4)."""
    rendered = render_template(
        "motifs-refus-implicite",
        event.request,
        decision={"motifs": message_of(event).body},
    )
    return letter_of(event, rendered, "Motifs du refus", automatic=False, promises=False)


def confirm_arrival(event: RequestEvent) -> None:
    """Tell the requester that what they sent online has arrived, once an hour at most.

    The agents who hold the request are told as well, without its words; on a closed one, those
    who followed it: they decide to reopen.
    """
    service_request = event.request
    if not event.by_requester:
        return
    files = service_request.attachments.filter(pk__in=event.data.get("attachments", []))
    closed = service_request.state in FINAL_STATES
    paused = service_request.state in PAUSED_STATES
    missing = {} if service_request.state == State.ATTENTE_PIECES else {"pieces": {"liste": ""}}
    rendered = render_template(
        "confirmation-message",
        service_request,
        message={
            "date": words.full_date(event.at),
            "pieces": words.bullets(file_names(files)),
        },
        requete={
            "promesse": "" if closed or paused else promise_in_letter(service_request, event.at)
        },
        **missing,
    )
    key = f"request.{event.verb}:{event.pk}"
    if not _told_lately(event):
        mail(service_request, rendered, key=key, now=event.at)
    if closed:
        _tell_agents(
            event,
            followers(service_request),
            "message sur une demande close",
            "Le demandeur a écrit sur une demande close. Lisez son message et décidez s'il faut "
            "rouvrir la demande.",
        )
    else:
        _tell_agents(
            event,
            holding(service_request),
            "envoi du demandeur",
            "Le demandeur a envoyé un message ou des documents. Lisez son envoi et donnez-lui "
            "suite.",
        )


def tell_blocked_file(event: RequestEvent) -> None:
    """Tell the requester which of their files the antivirus blocked, and to send another."""
    service_request = event.request
    blocked = service_request.attachments.filter(pk=event.data["attachment"], by_requester=True)
    if not blocked:
        return
    rendered = render_template(
        "fichier-bloque",
        service_request,
        message={
            "pieces": words.bullets(
                [f"{one.label} ({one.name})" if one.label else one.name for one in blocked]
            ),
            "lien_reponse": tracking_link(service_request),
        },
    )
    key = f"request.{event.verb}:{event.pk}"
    mail(service_request, rendered, key=key, now=event.at, promises=False)


def tell_reopening(event: RequestEvent) -> None:
    """Tell the agents who hold it that the requester has reopened the request."""
    if event.by_requester:
        _tell_agents(
            event,
            holding(event.request),
            "demande rouverte par le demandeur",
            "Le demandeur a rouvert sa demande : ce n'est pas réglé pour lui. Lisez ses raisons "
            "et reprenez la demande.",
        )


def _written_by(event: RequestEvent) -> dict[str, dict[str, str]]:
    """The front office's agent who wrote signs, whoever has the case (CRPA L111-2).

    What an expert asks for is signed as the case is followed: never by the expert (S27).
    """
    agent = event.actor
    if agent is None or not scope_of(agent).may(Right.FRONT_OFFICE):
        return {}
    return {"agent": agent_named(agent)}


def _tell_agents(event: RequestEvent, agents: list[User], subject: str, body: str) -> None:
    """An internal mail with a link: never the requester's own words (they stay inside)."""
    service_request = event.request
    told = Rendered(
        code="",
        subject=f"[{service_request.reference}] {subject}",
        body=f"{body}\n\n{way_to(service_request)}",
    )
    key = f"request.{event.verb}:{event.pk}:staff"
    tell_staff(event, NoticeKind.MESSAGE, agents, told, key=key, about=event.verb)


def _told_lately(event: RequestEvent) -> bool:
    """Whether an earlier sending of the hour before has had its mail already.

    Judged from the sendings, not from the mails: two workers at once come to the same answer.
    """
    told = None
    earlier = RequestEvent.objects.filter(
        request=event.request_id, by_requester=True, verb__in=(Verb.RECEIVE, Verb.SUPPLY)
    )
    for at, number in earlier.order_by("number").values_list("at", "number"):
        lately = told is not None and at - told < ARRIVAL_PAUSE
        if number == event.number:
            return lately
        told = told if lately else at
    return False


def message_of(event: RequestEvent) -> Message:
    """The message an event kept."""
    return Message.objects.select_related("signatory").get(pk=event.data["message"])


def letter_of(event: RequestEvent, rendered: Rendered, label: str, **how) -> Letter:
    """The letter that follows an event; `how` are attributes of `Letter`."""
    return Letter(
        event.request,
        rendered,
        key=f"request.{event.verb}:{event.pk}",
        label=numbered(label, event),
        now=event.at,
        **how,
    )
