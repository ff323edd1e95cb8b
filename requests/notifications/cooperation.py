"""Internal mail to colleagues: who is named in a note, and who watches a request."""

from massy_grc.users.models import User
from prestations.enums import AlertMail
from prestations.models import AlertMailChoice
from requests.enums import Verb
from requests.letters import words
from requests.letters.context import way_to
from requests.letters.rendering import Rendered
from requests.models import Mention, RequestEvent
from requests.notifications.sending import mail_staff
from requests.readers import readers_of

# what a person did, or the requester; the program's own steps are no news
WATCHED = frozenset(
    {
        *(Verb.QUALIFY, Verb.ROUTE, Verb.TAKE, Verb.ASSIGN, Verb.TRANSFER, Verb.RETURN),
        *(Verb.ASK_PIECES, Verb.ASK_QUESTION, Verb.SUPPLY, Verb.COMPLETE, Verb.RESUME),
        *(Verb.WAIT_THIRD_PARTY, Verb.SET_APPOINTMENT, Verb.SUBMIT_APPROVAL, Verb.SIGN),
        *(Verb.SEND_BACK, Verb.TREAT, Verb.READY, Verb.WRITE, Verb.RECEIVE, Verb.NOTE),
        *(Verb.ATTACH, Verb.SET_URGENT, Verb.ANSWER, Verb.CLOSE, Verb.REOPEN, Verb.WITHDRAW),
        *(Verb.CANCEL, Verb.RATE, Verb.OBJECT, Verb.ASK_REASONS, Verb.GIVE_REASONS, Verb.EXTEND),
        *(Verb.ASK_TASK, Verb.ACCEPT_TASK, Verb.DECLINE_TASK, Verb.CONCLUDE_TASK),
        *(Verb.CANCEL_TASK, Verb.FORWARD),
    }
)


def tell_mentioned(event: RequestEvent) -> None:
    """Tell at once those whom a note names and who want it so; the others, in the daily mail."""
    at_once = AlertMailChoice.objects.filter(choice=AlertMail.EACH).values("user")
    named = Mention.objects.filter(note=event.data["note"], person__in=at_once)
    author = event.actor.get_full_name() if event.actor else ""
    _mail(
        event,
        "mentioned",
        [one.person for one in named.select_related("person")],
        "une note vous nomme",
        f"{author} vous nomme dans une note interne. Lisez-la sur la page de la demande.",
    )


def tell_watchers(event: RequestEvent) -> None:
    """Tell at once those who watch the request and chose so, while they may still see it."""
    watchers = event.request.watchers.filter(at_once=True).exclude(user=event.actor)
    people = readers_of(event.request).filter(pk__in=watchers.values("user"))
    who = event.actor.get_full_name() if event.actor else ""
    who = who or ("le demandeur" if event.by_requester else "")
    what = " · ".join(filter(None, [str(Verb(event.verb).label), who, words.full_date(event.at)]))
    subject = "du nouveau dans une demande que vous suivez"
    _mail(event, "watched", list(people), subject, what, delegates=False)


def _mail(
    event: RequestEvent,
    kind: str,
    people: list[User],
    subject: str,
    body: str,
    *,
    delegates: bool = True,
) -> None:
    told = Rendered(
        code="",
        subject=f"[{event.request.reference}] {subject}",
        body=f"{body}\n\n{way_to(event.request)}",
    )
    key = f"request.{event.verb}:{event.pk}:{kind}"
    mail_staff(people, told, key=key, service_request=event.request, delegates=delegates)
