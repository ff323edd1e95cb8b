"""The verb of double entry: what the town holds already is typed again elsewhere (S53)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.actions.core import open_request, record, refresh_search
from requests.enums import Verb
from requests.exceptions import IllegalTransition
from requests.models import Rekeying, ServiceRequest


@transaction.atomic
def note_rekeying(
    *,
    request_id: int,
    version: int | None,
    actor,
    number: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """Note that the request was typed again in the program of its prestation.

    Noted once more, the number is the new one: a request counts once in each program.

    Args:
        number: what the program calls it.

    Raises:
        IllegalTransition: its prestation names no program, or a connector joins it.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.REKEY, actor=actor, version=version
    )
    software = service_request.prestation.double_entry_in
    if software is None:
        raise IllegalTransition(
            _("Les demandes de cette prestation ne sont ressaisies dans aucun logiciel.")
        )
    before = service_request.rekeyings.standing().filter(software=software)
    before.update(taken_back_by=actor, taken_back_at=now)
    row = Rekeying.objects.create(
        request=service_request, software=software, number=number.strip(), by=actor, at=now
    )
    data = {"software": software.pk, "rekeying": row.pk}
    record(service_request, Verb.REKEY, actor=actor, now=now, data=data, quiet=True)
    refresh_search(service_request)
    return service_request


@transaction.atomic
def take_back_rekeying(
    *, request_id: int, version: int | None, actor, now: datetime | None = None
) -> ServiceRequest:
    """Take back what was noted last: it was not typed again after all, or elsewhere.

    Raises:
        IllegalTransition: nothing is noted.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.REKEY, actor=actor, version=version
    )
    row = service_request.rekeyings.standing().last()
    if row is None:
        raise IllegalTransition(_("Aucune ressaisie n’est notée sur cette demande."))
    row.taken_back_by, row.taken_back_at = actor, now
    row.save(update_fields=["taken_back_by", "taken_back_at"])
    data = {"software": row.software_id, "rekeying": row.pk, "undone": True}
    record(service_request, Verb.REKEY, actor=actor, now=now, data=data, quiet=True)
    refresh_search(service_request)
    return service_request
