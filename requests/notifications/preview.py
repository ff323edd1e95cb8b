"""What would leave if an act were done now: the act is done, looked at, and undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation

from massy_grc.common.logs import BEARER
from massy_grc.outbox.api import SmsLength, sms_length
from requests import actions
from requests.blocking import still_due
from requests.enums import Outcome, Verb
from requests.letters.documents import on_paper
from requests.letters.pdf import address_lines, make_pdf
from requests.models import ProposedDecision, ServiceRequest
from requests.notifications.letters import letter_about
from requests.notifications.sending import Letter, event_of
from requests.notifications.sms import sms_words


@dataclass(frozen=True)
class Preview:
    """One letter that would leave; its personal links end in « … ».

    Attributes:
        mail_to: where the mail goes; "" without a mail.
        mail_text: the whole text of the mail.
        sms_to: the number that an SMS tells of the mail; "" without one.
        paper_to: the lines of the address window; empty when nothing is posted.
        paper_text: the text as printed.
    """

    letter: Letter
    mail_to: str
    mail_text: str
    sms_to: str
    sms_text: str
    paper_to: list[str]
    paper_text: str

    @property
    def subject(self) -> str:
        return self.letter.rendered.subject

    @property
    def sms_length(self) -> SmsLength:
        return sms_length(self.sms_text)

    def pdf(self) -> bytes:
        """The letter as PDF, dated today.

        Raises:
            PdfUnavailable: Pango is missing.
        """
        rendered = self.letter.rendered
        request = self.letter.service_request
        return make_pdf(
            request,
            subject=rendered.subject,
            body=_without_keys(on_paper(request, rendered.body)),
            now=self.letter.now,
            signature=rendered.signature,
            after=[_without_keys(on_paper(request, one)) for one in rendered.after],
        )


@dataclass(frozen=True)
class Outlook:
    """What an act would do: the letters that leave, or that wait for an approval first.

    Attributes:
        waits: the answer that waits; None when all leaves.
        due: what the request stays open for after the answer, in words.
    """

    letters: list[Preview]
    waits: ProposedDecision | None = None
    due: Sequence[str] = ()


class _Undo(Exception):
    """Rolls the act back."""


def preview(request_id: int, act: Callable[[], object]) -> Outlook:
    """Return what would leave if `act` were done on the request; nothing of it stays.

    An answer that would wait for its approval is shown as it leaves once approved.

    Raises:
        RequestError: what `act` itself refuses.
    """
    outlook = Outlook([])
    try:
        with transaction.atomic():
            row = ServiceRequest.objects.select_for_update(no_key=True).get(pk=request_id)
            act()
            waiting = _submitted(row)
            if waiting:
                actions.sign_decision(decision_id=waiting.pk, version=None, actor=None)
            with translation.override("fr"):
                letters = [_seen(letter) for letter in _letters(row)]
            outlook = Outlook(letters, waits=waiting, due=_due_after(row))
            raise _Undo
    except _Undo:
        return outlook


def preview_asking(act: Callable[[], ServiceRequest]) -> list[Preview]:
    """Record a form without some of its answers, look at the letters that ask for them, undo it.

    Raises:
        RequestError: what `act` itself refuses.
    """
    letters: list[Preview] = []
    try:
        with transaction.atomic():
            row = actions.route_request(request_id=act().pk)
            events = row.events.filter(verb=Verb.ASK_PIECES).order_by("-number")[:1]
            with translation.override("fr"):
                found = [letter_about(event_of(one.pk)) for one in events]
                letters = [_seen(letter) for letter in found if letter is not None]
            raise _Undo
    except _Undo:
        return letters


def _letters(before: ServiceRequest) -> list[Letter]:
    """The letters that follow the events recorded since `before` was read."""
    new = before.events.filter(number__gt=before.event_count).order_by("number")
    found = [letter_about(event_of(pk)) for pk in new.values_list("pk", flat=True)]
    return [letter for letter in found if letter is not None]


def _due_after(before: ServiceRequest) -> list[str]:
    """What is still due once an answer has left, when one does."""
    answered = before.events.filter(number__gt=before.event_count, verb=Verb.ANSWER).last()
    if answered is None:
        return []
    favourable = answered.data["outcome"] == Outcome.POSITIVE
    after = ServiceRequest.objects.get(pk=before.pk)
    return [one.words for one in still_due(after, favourable=favourable)]


def _submitted(before: ServiceRequest) -> ProposedDecision | None:
    """The decision submitted for approval since `before` was read."""
    new = before.events.filter(number__gt=before.event_count, verb=Verb.SUBMIT_APPROVAL)
    return actions.pending_decision(before) if new.exists() else None


def _seen(letter: Letter) -> Preview:
    request, rendered = letter.service_request, letter.rendered
    return Preview(
        letter=letter,
        mail_to=request.requester_email if letter.by_mail else "",
        mail_text=_without_keys(letter.mail_text),
        sms_to=letter.sms_to,
        sms_text=_without_keys(sms_words(request, rendered)) if letter.sms_to else "",
        paper_to=address_lines(request) if letter.on_paper else [],
        paper_text=_without_keys(on_paper(request, rendered.text)),
    )


def _without_keys(text: str) -> str:
    """The words without what opens a page by itself: that is the requester's alone."""
    return BEARER.sub(lambda link: f"{link[1]}…", text)
