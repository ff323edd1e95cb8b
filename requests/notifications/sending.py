"""One letter to one requester: by e-mail with its PDF, or on paper, as they asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.enums import ELECTRONIC_CHANNELS, Channel
from requests import actions
from requests.enums import PAUSED_STATES, NoticeKind, State
from requests.letters import words
from requests.letters.context import town_or_default
from requests.letters.documents import PDF, as_attachment, make_document
from requests.letters.rendering import Rendered
from requests.models import Document, RequestEvent, ServiceRequest
from requests.notifications.sms import mobile_of, queue_sms, way_to_tell
from requests.permissions import named_for
from requests.promises import awaits_answer, promise_in_letter
from requests.readers import readers_of
from requests.standing_in import with_delegates
from requests.tracking import tracking_link

GREETING = "Bonjour,"
# What takes the announced date's place while the clock is stopped (rules.clock.paused_in)
SUSPENDED = {
    State.ATTENTE_PIECES: "Délai de réponse suspendu jusqu'à la réception de ce qui est demandé",
    State.ATTENTE_DEMANDEUR: "Délai de réponse suspendu jusqu'à votre réponse",
}


class News(StrEnum):
    """The kinds of letters that a citizen's preferences tell apart."""

    PROGRESS = "progress"
    DOCUMENTS = "documents"
    REPLY = "reply"


@dataclass(frozen=True)
class Letter:
    """One letter ready to leave.

    Attributes:
        key: makes the mail unique, whatever runs twice.
        label: the document's name in the request's file, unique there; "" for a mail alone.
        automatic: False when a person wrote the words.
        also_on_paper: a paper copy leaves too, when there is a postal address.
        promises: False when it says itself when the answer comes, or when there is none to come.
        news: the kind of letter, for the requester's preferences.
    """

    service_request: ServiceRequest
    rendered: Rendered
    key: str
    label: str
    now: datetime
    automatic: bool = True
    also_on_paper: bool = False
    promises: bool = True
    news: News = News.PROGRESS

    @property
    def by_mail(self) -> bool:
        reads = reads_mail(self.service_request, self.news) or not self.label
        channels = self.rendered.channels or ("email",)
        return reads and "email" in channels and bool(self.service_request.requester_email)

    @property
    def on_paper(self) -> bool:
        posted = self.label and (self.also_on_paper or not self.by_mail)
        return bool(posted and self.service_request.requester_address)

    @property
    def sms_to(self) -> str:
        """The number to which an SMS tells of the letter, by mail or not; "" without one."""
        return mobile_of(self.service_request, self.news)

    @property
    def mail_text(self) -> str:
        return mail_body(self.service_request, self.rendered.text, self.now, promises=self.promises)


@dataclass(frozen=True)
class Sent:
    """How a letter left: the mail, the paper, both or neither (nobody to write to)."""

    document: Document | None = None
    by_mail: bool = False
    on_paper: bool = False

    @property
    def left(self) -> bool:
        return self.by_mail or self.on_paper


def event_of(event_id: int) -> RequestEvent:
    """An event of a request, with what every letter reads of its request."""
    return RequestEvent.objects.select_related(
        "request__prestation", "request__form_version", "request__team", "request__department"
    ).get(pk=event_id)


def arrived_electronically(service_request: ServiceRequest) -> bool:
    """Whether the law of electronic filings applies (CRPA L112-8 to L112-11)."""
    return service_request.channel in ELECTRONIC_CHANNELS


def reads_mail(service_request: ServiceRequest, news: News) -> bool:
    """Whether to write by e-mail: an address is known and paper was not asked for.

    Args:
        news: the kind of letter; whoever follows the request in their space chose there how each
            kind comes, and the request itself says how the answer does.
    """
    chosen = ""
    if news != News.REPLY and service_request.account_id and service_request.citizen:
        chosen = getattr(service_request.citizen, f"{news}_channel")
    asked_paper = (chosen or service_request.reply_channel) == Channel.COURRIER
    paper_possible = bool(service_request.requester_address)
    return bool(service_request.requester_email) and not (asked_paper and paper_possible)


def reply_leaves_by(service_request: ServiceRequest) -> Channel:
    """The way on which the town's own words reach the requester, whatever they wished."""
    if reads_mail(service_request, News.REPLY):
        return Channel.EMAIL
    return Channel.COURRIER if service_request.requester_address else Channel.WEB


def send_letter(letter: Letter) -> Sent:
    """Send a letter the requester's way and keep it as a document of the request.

    Nobody to write to (anonymous, no address): the document is kept for the tracking page.
    """
    document = None
    if letter.label:
        document = make_document(
            letter.service_request,
            letter.rendered,
            label=letter.label,
            now=letter.now,
            to_print=letter.on_paper,
        )
    if letter.by_mail:
        mail(
            letter.service_request,
            letter.rendered,
            key=letter.key,
            now=letter.now,
            document=document,
            automatic=letter.automatic,
            promises=letter.promises,
        )
    _say_that_it_came(letter)
    return Sent(document=document, by_mail=letter.by_mail, on_paper=letter.on_paper)


def _say_that_it_came(letter: Letter) -> None:
    """An SMS, a call or a word at the counter, whether a mail leaves or not."""
    service_request = letter.service_request
    if letter.sms_to:
        queue_sms(
            service_request, letter.rendered, to=letter.sms_to, key=letter.key, now=letter.now
        )
    if way := way_to_tell(service_request, letter.news):
        actions.news_to_tell(
            service_request=service_request,
            way=way,
            subject=letter.rendered.subject,
            key=letter.key,
            now=letter.now,
        )


def mail(
    service_request: ServiceRequest,
    rendered: Rendered,
    *,
    key: str,
    now: datetime,
    document: Document | None = None,
    automatic: bool = True,
    promises: bool = True,
) -> None:
    """Queue a mail to the requester; does nothing without an address."""
    if not service_request.requester_email:
        return
    has_pdf = document is not None and document.media_type == PDF
    queue_delivery(
        key=key,
        to=service_request.requester_email,
        subject=rendered.subject,
        body=mail_body(service_request, rendered.text, now, promises=promises),
        attachments=[as_attachment(document)] if document and has_pdf else [],
        about=f"request:{service_request.pk}",
        context=reply_context(),
        automatic=automatic,
    )


def mail_body(
    service_request: ServiceRequest, body: str, now: datetime, *, promises: bool = True
) -> str:
    """The words with what people look for first: the number, the deadline, where to follow.

    Args:
        promises: False leaves the deadline out, where the words give another day or none.
    """
    head = [f"Demande n° {service_request.reference} : {service_request.prestation.told_label}"]
    if service_request.state in PAUSED_STATES:
        head.append(SUSPENDED[State(service_request.state)])
    elif promises and awaits_answer(service_request):
        head.append(promise_in_letter(service_request, now))
    link = tracking_link(service_request)
    body = _with_key(body, link)
    foot = "" if "/suivi/lien/" in body else f"\nSuivre votre demande : {link}\n"
    return "\n".join([*_in_their_language(service_request, link), *head, "", body, foot])


def _with_key(body: str, link: str) -> str:
    """The words with the requester's own link where an agent could only put the look-up page."""
    lookup = re.escape(f"{settings.PUBLIC_URL}{reverse('requests:track_lookup')}")
    return re.sub(rf"{lookup}(?!\w)", lambda _found: link, body)


def _in_their_language(service_request: ServiceRequest, link: str) -> list[str]:
    """For who filed in another language: letters have French in them, the pages have not.

    Decisions are written in French (Constitution, art. 2; law 94-665, art. 1).
    """
    if service_request.language == settings.LANGUAGE_CODE:
        return []
    with override(service_request.language):
        words = _(
            "La mairie rédige ses décisions en français, comme la loi le veut. Suivez votre "
            "demande ici, dans votre langue :"
        )
    return [f"{words} {link}", ""]


def reply_context() -> dict[str, str]:
    """Answers to our mails go to the town's address."""
    email = town_or_default().email
    return {"reply_to": email} if email else {}


def numbered(label: str, event: RequestEvent) -> str:
    """A document's label unique to an event: « Réponse du 30 novembre 2026 ».

    The second of one day and kind is « … 2026 (2) », and so on.
    """
    day = words.plain_date(event.at)
    earlier = RequestEvent.objects.standing().filter(
        request=event.request_id, verb=event.verb, number__lt=event.number
    )
    rank = 1 + sum(words.plain_date(at) == day for at in earlier.values_list("at", flat=True))
    return f"{label} du {day}" + (f" ({rank})" if rank > 1 else "")


def tell_staff(
    event: RequestEvent,
    kind: NoticeKind,
    users: Iterable[User | None],
    rendered: Rendered,
    *,
    key: str,
    on_page: Iterable[User | None] = (),
    about: str = "",
    delegates: bool = True,
) -> None:
    """Tell colleagues of an event: a notice each, and a mail to those who get one.

    Args:
        users: who gets a mail, unless they chose the page alone.
        on_page: who is told on the page, unless they chose a mail as well.
        about: what the notice's words need, see `Notice`.
        delegates: who stands in for somebody absent is told too, if they may see the request.
    """
    service_request = event.request
    by_mail = _readers(users, service_request, delegates=delegates)
    others = _readers(on_page, service_request, delegates=delegates)
    actions.notify(
        [*by_mail, *others],
        kind=kind,
        key=f"request.{event.verb}:{event.pk}",
        service_request=service_request,
        actor_id=event.actor_id,
        about=about,
        now=event.at,
    )
    people = actions.wanting_mail(kind, by_mail, others).values()
    _queue(people, rendered, key=key, service_request=service_request)


def mail_staff(
    users: Iterable[User | None],
    rendered: Rendered,
    *,
    key: str,
    service_request: ServiceRequest,
    delegates: bool = True,
) -> None:
    """Queue an internal mail to each person once; the greeting is put before its words.

    Args:
        delegates: who stands in for somebody absent gets it too, if they may see the request.
    """
    people = _readers(users, service_request, delegates=delegates)
    _queue(people, rendered, key=key, service_request=service_request)


def _readers(
    users: Iterable[User | None], service_request: ServiceRequest, *, delegates: bool
) -> list[User]:
    """Those at work; of a restricted prestation, only whoever is named for it (L7)."""
    wanted = [user for user in users if user and user.is_active]
    people = {user.pk: user for user in wanted}
    if delegates and (added := {user.pk for user in with_delegates(wanted)} - people.keys()):
        people |= readers_of(service_request).filter(pk__in=added).in_bulk()
    if service_request.prestation.restricted:
        told = User.objects.filter(pk__in=people)
        people = named_for(told, service_request.prestation).in_bulk()
    return list(people.values())


def _queue(
    people: Iterable[User], rendered: Rendered, *, key: str, service_request: ServiceRequest
) -> None:
    for user in people:
        queue_delivery(
            key=f"{key}:{user.pk}",
            to=str(user.email),  # an agent always has one
            subject=rendered.subject,
            body=f"{GREETING}\n\n{rendered.body}",
            about=f"request:{service_request.pk}",
            internal=True,
        )
