"""Verbs about the reasons of a tacit refusal: asked by the requester, given by the town."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import town_calendar
from prestations.enums import DelayUnit
from requests import deadlines
from requests.actions.clocks import clear_alerts
from requests.actions.clockwork import alert_about
from requests.actions.core import open_request, record, require
from requests.actions.exchange import outgoing
from requests.actions.rights import may_ask_reasons, owes_reasons
from requests.enums import AlertKind, Verb
from requests.exceptions import IllegalTransition
from requests.models import ServiceRequest

CHASED = (AlertKind.REASONS_ASKED, AlertKind.REASONS_SOON)


@transaction.atomic
def ask_reasons(
    *, request_id: int, version: int | None = None, actor=None, now: datetime | None = None
) -> ServiceRequest:
    """The requester asks why silence refused: the town owes the reasons within a month (L232-4).

    Args:
        actor: the agent who notes what was asked at the counter, by telephone or in a letter;
            None: the requester themselves, on their page.

    Raises:
        IllegalTransition: silence has not refused it, it is too late, or they were asked for.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id,
        verb=Verb.ASK_REASONS,
        actor=actor,
        version=version,
        by_requester=actor is None,
    )
    if not may_ask_reasons(service_request, now):
        raise IllegalTransition(
            _("Ces motifs ne peuvent pas être demandés, ou ne peuvent plus l’être.")
        )
    due_at = town_calendar().add(now, deadlines.REASONS_MONTHS, DelayUnit.MONTHS)
    service_request.reasons_due_at = due_at
    record(service_request, Verb.ASK_REASONS, actor=actor, by_requester=actor is None, now=now)
    alert_about(service_request, kind=AlertKind.REASONS_ASKED, about=due_at.isoformat(), now=now)
    return service_request


@transaction.atomic
def give_reasons(
    *, request_id: int, version: int | None, actor, body: str, now: datetime | None = None
) -> ServiceRequest:
    """Send the reasons that the requester asked for; the request goes on.

    Args:
        body: the reasons in fact and in law (CRPA L211-5); the letter adds the remedies.

    Raises:
        IllegalTransition: nobody asks for them.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.GIVE_REASONS, actor=actor, version=version
    )
    if not owes_reasons(service_request):
        raise IllegalTransition(_("Personne n’attend ces motifs."))
    message = outgoing(
        service_request, actor, require(body, _("Écrivez les motifs, en fait et en droit.")), now
    )
    service_request.reasons_given_at = now
    clear_alerts(service_request, now, *CHASED)
    record(service_request, Verb.GIVE_REASONS, actor=actor, now=now, data={"message": message.pk})
    return service_request
