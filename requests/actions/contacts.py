"""Contacts that need no request: a question answered at once, or a person to call back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import Citizen
from massy_grc.users.models import User
from prestations.models import PostType, Prestation, Site
from requests.actions.call_backs import promise_after
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
    call_back_owner: User | None = None,
    call_back_slot: tuple[datetime, datetime] | None = None,
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
        call_back_owner: who calls; `actor` without one.
        call_back_slot: when the call was promised; None for as soon as possible.

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
    question = require(question, _("Écrivez ce qui était demandé."))[:300]
    note_unanswered(
        question=question, channel=channel, names=citizen.search_name if citizen else ""
    )
    contact = Contact.objects.create(
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
    )
    if outcome == ContactOutcome.CALL_BACK:
        promise_after(
            contact, phone=call_back_to, owner=call_back_owner, slot=call_back_slot, now=now
        )
    return contact
