"""Contacts that need no request: a question answered at once, or a person to call back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import Citizen
from prestations.models import PostType, Prestation, Site
from requests.actions.core import require
from requests.actions.missing import note_unanswered
from requests.enums import ContactOutcome
from requests.exceptions import MissingInput, NotAllowed
from requests.models import Contact
from requests.permissions import Right, scope_of


@transaction.atomic
def log_contact(
    *,
    actor,
    channel: str,
    question: str,
    answer: str = "",
    citizen: Citizen | None = None,
    prestation: Prestation | None = None,
    site: Site | None = None,
    post_type: PostType | None = None,
    at: datetime | None = None,
    outcome: str = ContactOutcome.ANSWERED,
    call_back_to: str = "",
    now: datetime | None = None,
) -> Contact:
    """Note that somebody asked something and how it ended; no file is opened.

    A question that no article answers waits for the knowledge manager, without who asked.

    Args:
        question: what they asked, in one line.
        answer: what they were told.
        citizen: who asked, when they said so.
        at: when, if not now (a paper note entered later); never in the future.
        outcome: a `ContactOutcome`: answered, or to be called back.
        call_back_to: the number to call; the record's when it is blank.

    Raises:
        NotAllowed: the person does not receive the public.
        MissingInput: no question, no number to call back, or a time in the future.
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    if at is not None and at > now:
        raise MissingInput(_("La date du contact ne peut pas être dans l'avenir."))
    if outcome == ContactOutcome.CALL_BACK:
        known = citizen.phone if citizen else None
        call_back_to = call_back_to or (known.as_e164 if known else "")
        require(call_back_to, _("Indiquez le numéro à rappeler."))
    else:
        call_back_to = ""
    question = require(question, _("Écrivez ce qui était demandé."))[:300]
    note_unanswered(
        question=question, channel=channel, names=citizen.search_name if citizen else ""
    )
    return Contact.objects.create(
        agent=actor,
        channel=channel,
        question=question,
        answer=answer.strip(),
        citizen=citizen,
        prestation=prestation,
        site=site,
        post_type=post_type,
        at=at or now,
        outcome=ContactOutcome(outcome),
        call_back_to=call_back_to,
    )


@transaction.atomic
def mark_called_back(
    *, contact_id: int, actor, answer: str = "", now: datetime | None = None
) -> Contact:
    """Note that a person was called back, and what they were told.

    Whoever receives the public may: the one who noted it may be away. Noted twice, the first
    stays.

    Raises:
        NotAllowed: the person does not receive the public.
        Contact.DoesNotExist: unknown, or nobody was to be called back.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    contact = Contact.objects.select_for_update().get(
        pk=contact_id, outcome=ContactOutcome.CALL_BACK
    )
    if contact.called_back_at is None:
        contact.called_back_at, contact.called_back_by = now or timezone.now(), actor
        contact.answer = "\n".join(part for part in (contact.answer, answer.strip()) if part)
        contact.save(update_fields=["called_back_at", "called_back_by", "answer"])
    return contact
