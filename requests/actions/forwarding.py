"""Sending a request on to the administration that it belongs to (CRPA L114-2)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import LetterUse, SilenceEffect
from prestations.models import Authority, ClosingReason
from requests.actions.core import open_request, record, require
from requests.actions.decisions import end_with, lead_to
from requests.actions.letters import write_letter
from requests.enums import State, Verb
from requests.exceptions import IllegalTransition, MissingInput
from requests.models import ServiceRequest

FORWARDED = "transmise"  # the closing reason
TO_THE_REQUESTER = "transmission-autre-administration"


@transaction.atomic
def forward_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    authority: Authority,
    reason: str,
    now: datetime | None = None,
) -> ServiceRequest:
    """Send the request to another administration, tell the requester, and close it.

    Silence decides nothing here any more: its delay runs before the administration that is
    competent (CRPA L114-2). No refusal either: nothing is to be signed or contested.

    Args:
        reason: why it is not the town's, in words for the requester.

    Raises:
        MissingInput: no reason, or an administration out of use.
        IllegalTransition: it was answered already, or other requests follow this one.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.FORWARD, actor=actor, version=version
    )
    if not authority.is_active:
        raise MissingInput(_("Cette administration n’est plus au répertoire."))
    if service_request.merged.filter(closed_at=None).exists():
        raise IllegalTransition(
            _("D’autres demandes suivent celle-ci : défaites d’abord leur regroupement.")
        )
    if service_request.answered_at is not None:
        raise IllegalTransition(_("La réponse est déjà partie : clôturez la demande."))
    reason = require(reason, _("Dites au demandeur pourquoi sa demande relève d’elle."))
    service_request.front_agent = service_request.front_agent or actor
    message = write_letter(
        service_request,
        actor,
        now,
        body=reason,
        use=LetterUse.CLOSING,
        template=TO_THE_REQUESTER,
        fields={
            "transmission.administration": authority.label,
            "transmission.adresse": authority.address,
        },
    )
    lead_to(service_request, State.CLOSE, actor, now)
    service_request.forwarded_to = authority
    service_request.silence_effect = SilenceEffect.NONE
    service_request.implicit_decision_at = service_request.legal_paused_at = None
    record(
        service_request,
        Verb.FORWARD,
        actor=actor,
        now=now,
        data={"authority": authority.pk, "message": message.pk},
    )
    end_with(service_request, actor, ClosingReason.objects.get(pk=FORWARDED), now)
    return service_request
