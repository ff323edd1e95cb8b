"""Calls that were promised: a slot, an owner, a reminder before it, and the day it was made."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from massy_grc.common.words import clock_words
from massy_grc.users.models import User
from prestations.calendars import PARIS, town_calendar
from prestations.enums import DelayUnit
from prestations.opening import (
    HORIZON_DAYS,
    closures_of,
    intervals_on,
    opening_at,
    upcoming_closures,
)
from requests.actions.clocks import clear_alerts
from requests.actions.core import open_request, require
from requests.actions.handling import add_note
from requests.enums import AlertKind, Verb
from requests.exceptions import MissingInput, NotAllowed
from requests.letters.context import town_or_default
from requests.models import CallBack, Contact
from requests.notifications.complaints import remind_owner
from requests.permissions import Right, scope_of

REMINDED = timedelta(minutes=30)  # before the slot
END_OF_DAY = time(17, 30)


def soon(now: datetime) -> tuple[datetime, datetime]:
    """The slot of a call without one: from now to the end of the next working day."""
    day = town_calendar().add(now, 1, DelayUnit.WORKING_DAYS).astimezone(PARIS).date()
    return now, datetime.combine(day, END_OF_DAY, PARIS)


@transaction.atomic
def promise_call_back(
    *,
    request_id: int,
    actor,
    owner: User,
    slot: tuple[datetime, datetime] | None,
    phone: str = "",
    about: str = "",
    now: datetime | None = None,
) -> CallBack:
    """Promise the requester a call, and note it in the life of the request.

    One waits at most: a second promise moves the first.

    Args:
        slot: when it begins and ends; None for as soon as possible.
        phone: the number to call; the request's own when it is blank.

    Raises:
        NotAllowed: `actor` does not write to requesters, or `owner` may not read the request.
        MissingInput: no number, or a slot that has passed or in which nobody telephones.
    """
    now = now or timezone.now()
    request = open_request(request_id=request_id, verb=Verb.NOTE, actor=actor)
    if not scope_of(actor).may(Right.FRONT_OFFICE):
        raise NotAllowed
    _refuse_unfit(owner, request.prestation_id)
    known = request.call_backs.filter(done_at=None).first()
    waiting = known or CallBack(request=request)
    waiting.phone = require(phone or request.requester_phone, _("Indiquez le numéro à rappeler."))
    waiting.about = about.strip()[:300]
    clear_alerts(request, now, AlertKind.CALL_LATE)
    promised = _promise(waiting, actor, owner, slot, now)
    words = (
        _("Rappel déplacé : %(when)s, par %(who)s.")
        if known
        else _("Rappel promis : %(when)s, par %(who)s.")
    )
    body = words % {"when": promised.slot_words, "who": owner.get_full_name()}
    add_note(request_id=request.pk, actor=actor, body=f"{body}\n{promised.about}".strip(), now=now)
    return promised


def promise_after(
    contact: Contact,
    *,
    phone: str,
    owner: User | None,
    slot: tuple[datetime, datetime] | None,
    now: datetime,
) -> CallBack:
    """Promise a call after a contact, inside the verb that notes it."""
    if owner is not None and owner != contact.agent:
        _refuse_unfit(owner, contact.prestation_id)
    waiting = CallBack(contact=contact, phone=phone)
    return _promise(waiting, contact.agent, owner or contact.agent, slot, now)


@transaction.atomic
def mark_called_back(
    *, call_back_id: int, actor, answer: str = "", now: datetime | None = None
) -> CallBack:
    """Note that a person was called back, and what they were told: a note of their request.

    Whoever receives the public may: the owner may be away. Noted twice, the first stays.

    Raises:
        NotAllowed: the person does not receive the public.
        CallBack.DoesNotExist: unknown, or about what `actor` may not read.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    found = CallBack.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=call_back_id)
    if found.done_at is not None:
        return found
    found.done_at, found.done_by = now or timezone.now(), actor
    found.save(update_fields=["done_at", "done_by"])
    answer = answer.strip()
    if found.contact:
        contact = found.contact
        contact.answer = "\n".join(part for part in (contact.answer, answer) if part)
        contact.save(update_fields=["answer"])
    elif found.request:
        body = f"{_('Le demandeur a été rappelé.')}\n{answer}".strip()
        add_note(request_id=found.request.pk, actor=actor, body=body, now=found.done_at)
        clear_alerts(found.request, found.done_at, AlertKind.CALL_LATE)
    return found


def remind_call_backs(*, now: datetime, limit: int) -> int:
    """Write to the owners of the calls whose slot is near, once for each; returns how many."""
    soon_due = CallBack.objects.waiting().filter(
        reminded_at=None, starts_at__lte=now + REMINDED, ends_at__gt=now
    )
    return sum(_remind(pk, now) for pk in soon_due.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _remind(call_back_id: int, now: datetime) -> bool:
    waiting = CallBack.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=call_back_id, reminded_at=None, done_at=None
    )
    found = waiting.select_related("owner", "request", "contact").first()
    if found is None:
        return False
    found.reminded_at = now
    found.save(update_fields=["reminded_at"])
    remind_owner(found)
    return True


def _promise(
    waiting: CallBack,
    actor,
    owner: User,
    slot: tuple[datetime, datetime] | None,
    now: datetime,
) -> CallBack:
    waiting.starts_at, waiting.ends_at = slot or soon(now)
    if waiting.ends_at <= now:
        raise MissingInput(_("Ce créneau est passé."))
    if slot:
        _refuse_closed(*slot, now)
    waiting.owner, waiting.promised_by, waiting.promised_at = owner, actor, now
    # an owner who is asked to call at once knows it
    waiting.reminded_at = now if owner == actor and waiting.starts_at <= now else None
    waiting.save()
    return waiting


def _refuse_closed(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Nobody calls on a closed day, nor outside the hours of the town's telephone."""
    hours = town_or_default().facts.get("phone_hours", {})
    day = starts_at.astimezone(PARIS).date()
    ahead = (day - now.astimezone(PARIS).date()).days
    closures = closures_of(None, upcoming_closures(now, ahead + HORIZON_DAYS))
    answering = intervals_on(hours, day, closures)
    if not hours or any(start < ends_at and starts_at < end for start, end in answering):
        return
    opens_at = opening_at(hours, starts_at, closures).opens_at
    if opens_at is None:
        raise MissingInput(_("La mairie ne téléphone pas à ce moment-là."))
    raise MissingInput(
        _("La mairie ne téléphone pas à ce moment-là. Prochain créneau : %(day)s à %(time)s.")
        % {
            "day": date_format(opens_at.date(), "l j F"),
            "time": clock_words(opens_at.time()),
        }
    )


def _refuse_unfit(owner: User, prestation_id: str | None) -> None:
    """The owner receives the public, and may read what the call is about."""
    scope = scope_of(owner)
    if not scope.may(Right.LOG_REQUEST) or (prestation_id and scope.is_closed(prestation_id)):
        raise NotAllowed(_("Cette personne ne peut pas rappeler pour cette demande."))
