"""The last letters: the answer with its reasons and remedies, the closing, what may follow."""

from prestations.enums import SilenceEffect
from prestations.models import ClosingReason, Closure
from requests.collection import TITLE_REMINDER, collection_of, is_title
from requests.enums import PAUSED_STATES, Outcome, State, Verb
from requests.letters import words
from requests.letters.composing import compose
from requests.letters.known import appointment_values, collection_at
from requests.letters.places import collection_place
from requests.letters.rendering import Rendered, render_template
from requests.models import Message, RequestEvent, ServiceRequest
from requests.notifications.conversation import letter_of, message_of
from requests.notifications.sending import Letter, News
from requests.opinions import opinion_link
from requests.promises import promise_in_letter
from requests.tracking import tracking_link

INTERIM_REASON = "Elle demande un examen plus long que prévu."


def answer(event: RequestEvent) -> Letter:
    """The final answer; a refusal always with its remedies, and on paper too.

    (CRPA L211-2, L211-5; CJA R421-5.)
    """
    refused = event.data["outcome"] == Outcome.NEGATIVE
    rendered = compose(event.request, message_of(event), event.at, refused=refused)
    how = {"automatic": False, "also_on_paper": refused, "news": News.REPLY}
    return letter_of(event, _asking_opinion(event.request, rendered), "Réponse", **how)


def close(event: RequestEvent) -> Letter | None:
    """Why a request was closed, when it is told (an answer has said it already).

    One that decides against the requester leaves as a refusal does: remedies, paper copy.
    """
    if not event.data.get("message"):
        return None
    reason = ClosingReason.objects.filter(pk=event.data.get("reason")).first()
    refused = reason is not None and reason.is_decision
    rendered = compose(event.request, message_of(event), event.at, refused=refused)
    how = {"automatic": False, "also_on_paper": refused, "news": News.REPLY}
    return letter_of(event, _asking_opinion(event.request, rendered), "Clôture", **how)


def _asking_opinion(service_request: ServiceRequest, rendered: Rendered) -> Rendered:
    """The letter with the link to the question at its foot, unless its template has it."""
    link = opinion_link(service_request)
    asked = not link or "/suivi/avis/" in rendered.body
    return rendered if asked else rendered.followed_by(f"Votre avis : {link}")


def ready(event: RequestEvent) -> Letter:
    """Where and until when the document can be collected."""
    rendered = compose(event.request, message_of(event), event.at)
    return letter_of(event, rendered, "Document prêt", automatic=False, news=News.DOCUMENTS)


def appointment(event: RequestEvent) -> Letter:
    """Confirm the appointment: when, where, what to bring. A mail alone."""
    rendered = render_template(
        "rappel-rendez-vous", event.request, rdv=appointment_values(event.request)
    )
    key = f"request.set_appointment:{event.pk}"
    return Letter(event.request, rendered, key=key, label="", now=event.at, promises=False)


def withdraw(event: RequestEvent) -> Letter:
    """Confirm that the request is withdrawn."""
    rendered = render_template(
        "retrait-demande", event.request, desistement={"date": words.full_date(event.at)}
    )
    return letter_of(event, rendered, "Annulation par le demandeur")


def reopen(event: RequestEvent) -> Letter:
    """Say that the request is open again, why, and until when we now answer."""
    reason = Message.objects.get(pk=event.data["message"]).body
    rendered = render_template(
        "reouverture",
        event.request,
        reouverture={"date": words.full_date(event.at), "motif": reason},
    )
    return letter_of(event, rendered, "Réouverture", promises=False)


def interim(event: RequestEvent) -> Letter:
    """Where a long request stands; it never claims to stop the implicit decision (L4)."""
    service_request = event.request
    paused = service_request.state in PAUSED_STATES
    rendered = render_template(
        "point-etape",
        service_request,
        decision={"motifs": INTERIM_REASON},
        requete={"promesse": "" if paused else promise_in_letter(service_request, event.at)},
    ).adding(_legal_reminder(service_request))
    return letter_of(event, rendered, "Point d'étape", promises=False)


def tell_closure(event: RequestEvent) -> Letter | None:
    """Tell why the day of the answer comes later: the town hall will be closed."""
    if not event.data["told"]:
        return None
    closure = Closure.objects.get(pk=event.data["closure"])
    days = words.full_date(closure.start)
    if closure.end != closure.start:
        days = f"{days} au {words.full_date(closure.end)}"
    rendered = render_template(
        "date-deplacee",
        event.request,
        decision={"motifs": f"{closure.label} : {days}."},
        requete={"promesse": promise_in_letter(event.request, event.at)},
    )
    return letter_of(event, rendered, "Nouvelle date de réponse", promises=False)


def remind(event: RequestEvent) -> Letter | None:
    """Remind of the question left open, or of the document that waits and its last day.

    None when the answer or the person has come meanwhile.
    """
    if event.to_state == State.ATTENTE_DEMANDEUR:
        return _remind_of_question(event)
    return _remind_to_collect(event)


def _remind_of_question(event: RequestEvent) -> Letter | None:
    service_request = event.request
    asked = (
        service_request.events.standing().filter(verb=Verb.ASK_QUESTION).order_by("number").last()
    )
    if asked is None or service_request.awaited_until is None:
        return None
    rendered = render_template(
        "relance-question",
        service_request,
        message={
            "texte": message_of(asked).body,
            "date_limite": words.full_date(service_request.awaited_until),
            "lien_reponse": tracking_link(service_request),
        },
    )
    return letter_of(event, rendered, "Rappel de la question")


def _remind_to_collect(event: RequestEvent) -> Letter | None:
    service_request = event.request
    collection = collection_of(service_request)
    if collection is None:
        return None
    place = collection_at(collection_place(service_request)) | {"lieu": collection.place}
    rendered = render_template(
        TITLE_REMINDER if is_title(service_request) else "rappel-retrait",
        service_request,
        retrait={**place, "date_limite": words.full_date(collection.until)},
    )
    return letter_of(event, rendered, "Rappel du document à retirer", news=News.DOCUMENTS)


def _legal_reminder(service_request: ServiceRequest) -> str:
    if service_request.implicit_decision_at is None:
        return ""
    rejected = service_request.silence_effect == SilenceEffect.REJET
    return (
        "Ce message n'arrête pas le délai légal : sans réponse de notre part le "
        f"{words.full_date(service_request.implicit_decision_at)}, votre demande sera considérée "
        f"comme {'rejetée' if rejected else 'acceptée'}."
    )
