"""Verbs of the data-protection officer on one request: hold, release, more time for a right."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS, town_calendar
from prestations.privacy import RIGHTS_PRESTATION
from requests import deadlines
from requests.actions.clocks import clear_alerts
from requests.actions.core import open_request, record, require
from requests.actions.exchange import outgoing
from requests.enums import LATENESS, Verb
from requests.exceptions import IllegalTransition, NotAllowed
from requests.models import LegalHold, ServiceRequest
from requests.permissions import Right, scope_of
from requests.workflow import VERBS


@transaction.atomic
def hold_request(*, request_id: int, actor, reason: str, now: datetime | None = None) -> LegalHold:
    """Keep a request from any erasure until the hold is lifted.

    Args:
        reason: why, in words; it goes with the request when that is erased one day.

    Raises:
        NotAllowed: not the officer.
        IllegalTransition: held already.
    """
    now = now or timezone.now()
    service_request = officer_request(request_id, Verb.HOLD, actor)
    reason = require(reason, _("Dites pourquoi cette demande doit être gardée."))
    if service_request.holds.filter(lifted_at=None).exists():
        raise IllegalTransition(_("Cette demande est déjà gelée."))
    hold = LegalHold.objects.create(
        request=service_request, reason=reason, placed_by=actor, placed_at=now
    )
    record(service_request, Verb.HOLD, actor=actor, now=now, data={"hold": hold.pk}, quiet=True)
    return hold


@transaction.atomic
def release_request(*, request_id: int, actor, now: datetime | None = None) -> None:
    """Lift the hold: the retention applies again.

    Raises:
        NotAllowed: not the officer.
        IllegalTransition: not held.
    """
    now = now or timezone.now()
    service_request = officer_request(request_id, Verb.RELEASE, actor)
    lifted = service_request.holds.filter(lifted_at=None).update(lifted_by=actor, lifted_at=now)
    if not lifted:
        raise IllegalTransition(_("Cette demande n’est pas gelée."))
    record(service_request, Verb.RELEASE, actor=actor, now=now, quiet=True)


@transaction.atomic
def extend_request(
    *, request_id: int, version: int | None, actor, reason: str, now: datetime | None = None
) -> ServiceRequest:
    """Take two more months to answer a request about personal data (RGPD art. 12.3).

    Once, within the first month, and the person is told why.

    Args:
        reason: why, in words for the person.

    Raises:
        IllegalTransition: another prestation, extended already, or too late.
    """
    now = now or timezone.now()
    if scope_of(actor).may(Right.PROTECT_DATA):
        service_request = officer_request(request_id, Verb.EXTEND, actor)
    else:
        service_request = open_request(
            request_id=request_id, verb=Verb.EXTEND, actor=actor, version=version
        )
    reason = require(reason, _("Dites à la personne pourquoi il faut plus de temps."))
    calendar = town_calendar()
    arrived_at = service_request.arrived_at
    first_month = deadlines.rights_answered_by(arrived_at, deadlines.RIGHTS_MONTHS, calendar)
    if service_request.prestation_id != RIGHTS_PRESTATION:
        raise IllegalTransition(_("Seule une demande sur les données personnelles se prolonge."))
    if service_request.events.standing().filter(verb=Verb.EXTEND).exists():
        raise IllegalTransition(_("Cette demande a déjà été prolongée."))
    if now > first_month:
        raise IllegalTransition(_("Le premier mois est passé : il faut répondre maintenant."))
    service_request.due_at = deadlines.rights_answered_by(
        arrived_at, deadlines.RIGHTS_EXTENDED_MONTHS, calendar
    )
    clear_alerts(service_request, now, *LATENESS)
    message = outgoing(service_request, actor, reason, now)
    record(
        service_request,
        Verb.EXTEND,
        actor=actor,
        now=now,
        data={
            "message": message.pk,
            "due_on": service_request.due_at.astimezone(PARIS).date().isoformat(),
        },
    )
    return service_request


def officer_request(request_id: int, verb: Verb, actor) -> ServiceRequest:
    """Lock a request for the officer, who acts on any of them without reading its file.

    Raises:
        NotAllowed: not the officer.
        IllegalTransition: the state does not allow it.
    """
    if not scope_of(actor).may(Right.PROTECT_DATA):
        raise NotAllowed
    service_request = (
        ServiceRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("prestation", "department", "team")
        .get(pk=request_id)
    )
    if service_request.state not in VERBS[verb].states:
        raise IllegalTransition
    service_request.due_before = service_request.due_at  # `record` tells when a verb moves it
    return service_request
