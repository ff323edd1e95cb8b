"""Keeping a letter an agent decided on: checked as it will leave, before anything is recorded."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from prestations.enums import LetterUse
from prestations.models import LetterTemplate, Signatory
from requests.actions.core import require
from requests.enums import MessageDirection
from requests.exceptions import MissingInput
from requests.letters.composing import compose, own_subject, values_to_keep
from requests.letters.engine import refuse_fields_left
from requests.letters.offering import gets_neutral_letters, only_with_a_template
from requests.models import Message, ServiceRequest
from requests.notifications.sending import reply_leaves_by


def write_letter(service_request: ServiceRequest, author, now: datetime, **choices) -> Message:
    """Keep a letter as a message of the town; sending it is the outbox' work.

    `choices` and what it raises: see `draft_letter`.
    """
    message = draft_letter(service_request, author, now, **choices)
    message.save()
    return message


def draft_letter(
    service_request: ServiceRequest,
    author,
    now: datetime,
    *,
    body: str,
    use: LetterUse | None,
    subject: str = "",
    template: str = "",
    fields: Mapping[str, str] | None = None,
    refused: bool = False,
    signatory: Signatory | None = None,
) -> Message:
    """Return the message of a letter, not yet kept.

    The letter is composed at once, so that one with a hole is refused to the agent instead of
    failing in a worker.

    Args:
        use: where the template must be offered; None when the letter has no template.
        template: a `LetterTemplate` code; "" for the agent's own letter, which needs words.
        fields: values by variable ("intervention.date"), dates as ISO 8601, else in French words.
        refused: a decision against the requester.
        signatory: who signs it, when the authority does.

    Raises:
        MissingInput: no words, a template that is not for this use, or none that is neutral where
            no other may leave.
        UnresolvedField: a value the template needs is missing, or a field was left in the words.
    """
    refuse_fields_left(subject, body, *(fields or {}).values())
    chosen = _template(template, use) if template else None
    _refuse_unless_neutral(service_request, chosen)
    subject = " ".join(subject.split())
    if chosen is None:
        subject = subject or own_subject(service_request, use)
        body = require(body, _("Écrivez le message."))
    message = Message(
        request=service_request,
        direction=MessageDirection.OUTBOUND,
        channel=reply_leaves_by(service_request),
        author=author,
        subject=subject[:250],
        body=body.strip(),
        template=template,
        fields=values_to_keep(chosen, body, fields or {}) if chosen else {},
        signatory=signatory,
        at=now,
    )
    rendered = compose(service_request, message, now, refused=refused)
    # the requester reads the agent's words on the tracking page, else the whole letter
    message.body = message.body or rendered.text
    return message


def last_day_of(message: Message) -> date | None:
    """The last day to collect a document that a letter names; None for the usual one."""
    named = message.fields.get("retrait.date_limite")
    return date.fromisoformat(named) if named else None


def _refuse_unless_neutral(service_request: ServiceRequest, chosen: LetterTemplate | None) -> None:
    """A complaint marked as abusive is answered with neutral templates only (S34)."""
    if (chosen is None or not chosen.is_neutral) and gets_neutral_letters(service_request):
        raise MissingInput(only_with_a_template())


def _template(code: str, use: LetterUse | None) -> LetterTemplate:
    found = LetterTemplate.objects.filter(pk=code, is_active=True, uses__contains=[use]).first()
    if found is None:
        raise MissingInput(_("Ce modèle de lettre ne convient pas ici : choisissez-en un autre."))
    return found
