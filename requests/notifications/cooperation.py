"""What colleagues are told of one request: who is named, has it, or watches it."""

from massy_grc.users.models import User
from prestations.enums import AlertMail
from prestations.forms import Questionnaire
from prestations.models import AlertMailChoice
from requests.enums import NoticeKind, Verb
from requests.letters import words
from requests.letters.context import way_to
from requests.letters.rendering import Rendered
from requests.models import Mention, RequestEvent
from requests.notifications.arrivals import readers_at_once
from requests.notifications.recipients import followers
from requests.notifications.sending import tell_staff
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
        *(Verb.CANCEL_TASK, Verb.FORWARD, Verb.CORRECT),
    }
)


# what a correction's event says when its answers lead elsewhere, or are urgent now
DRAWN = frozenset({"would_go", "would_be_urgent"})


def tell_mentioned(event: RequestEvent) -> None:
    """Tell those whom a note names; by mail at once who wants it so, others once a day."""
    each = AlertMailChoice.objects.filter(choice=AlertMail.EACH).values_list("user", flat=True)
    named = Mention.objects.filter(note=event.data["note"]).select_related("person")
    people = [one.person for one in named]
    at_once = set(each.filter(user__in=people))
    author = event.actor.get_full_name() if event.actor else ""
    _tell(
        event,
        NoticeKind.MENTION,
        [one for one in people if one.pk in at_once],
        "une note vous nomme",
        f"{author} vous nomme dans une note interne. Lisez-la sur la page de la demande.",
        on_page=people,
    )


def tell_assigned(event: RequestEvent) -> None:
    """Tell whoever has just been given a request by somebody else."""
    person = event.request.assignee
    if person is None or event.data.get("assignee") != person.pk:
        return
    who = event.actor.get_full_name() if event.actor else "Le programme"
    _tell(
        event,
        NoticeKind.ASSIGNED,
        [],
        "demande qui vous est confiée",
        f"{who} vous confie cette demande.",
        on_page=[person],
    )


def tell_returned(event: RequestEvent) -> None:
    """Tell the front office that a department gives a request back; the reason is in a note."""
    _tell(
        event,
        NoticeKind.RETURNED,
        [],
        "un service rend la demande",
        "Le service ne la traitera pas. La raison est en note interne.",
        on_page=followers(event.request),
    )


def tell_corrected(event: RequestEvent) -> None:
    """Tell the case officer that answers were corrected; without one, their department.

    A mail leaves, and the department hears of it, when the work may change: its place, where it
    goes or how urgent it is.
    """
    service_request = event.request
    officer = service_request.assignee
    changes_work = _changes_work(event)
    if officer and officer.is_active:
        people = [officer]
    else:
        held = changes_work and service_request.department_since
        people = readers_at_once(service_request) if held else []
    people = [one for one in people if one.pk != event.actor_id]
    who = event.actor.get_full_name() if event.actor else "Un agent"
    _tell(
        event,
        NoticeKind.MESSAGE,
        people if changes_work else [],
        "réponses corrigées",
        f"{who} a corrigé des réponses de cette demande, dont une qui peut changer votre travail. "
        "Les anciennes sont en note interne.",
        on_page=people,
    )


def _changes_work(event: RequestEvent) -> bool:
    version, channel = event.request.form_version, event.request.channel
    place = Questionnaire(version, channel).definition.place_key
    return place in event.data["corrected"] or bool(DRAWN & event.data.keys())


def tell_watchers(event: RequestEvent) -> None:
    """Tell those who watch the request while they may still see it; by mail, who chose so."""
    watchers = event.request.watchers.exclude(user=event.actor)
    people = readers_of(event.request).filter(pk__in=watchers.values("user"))
    at_once = set(watchers.filter(at_once=True).values_list("user", flat=True))
    who = event.actor.get_full_name() if event.actor else ""
    who = who or ("le demandeur" if event.by_requester else "")
    whom = _given_to(event)
    did = str(Verb(event.verb).label)
    if whom:
        did = f"{did}, {whom.get_full_name()}"
    what = " · ".join(filter(None, [did, who, words.full_date(event.at)]))
    subject = "du nouveau dans une demande que vous suivez"
    _tell(
        event,
        NoticeKind.WATCHED,
        [one for one in people if one.pk in at_once],
        subject,
        what,
        on_page=list(people),
        delegates=False,
        about=f"{event.verb}:{whom.pk}" if whom else event.verb,
    )


def _given_to(event: RequestEvent) -> User | None:
    """Whom the event gives the request to."""
    if event.verb != Verb.ASSIGN or event.data.get("undoes"):
        return None
    return User.objects.filter(pk=event.data.get("assignee")).first()


def _tell(
    event: RequestEvent,
    kind: NoticeKind,
    people: list[User],
    subject: str,
    body: str,
    *,
    on_page: list[User],
    delegates: bool = True,
    about: str = "",
) -> None:
    told = Rendered(
        code="",
        subject=f"[{event.request.reference}] {subject}",
        body=f"{body}\n\n{way_to(event.request)}",
    )
    tell_staff(
        event,
        kind,
        people,
        told,
        key=f"request.{event.verb}:{event.pk}:{kind}",
        on_page=on_page,
        about=about or event.verb,
        delegates=delegates,
    )
