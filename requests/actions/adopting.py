"""A request filed without the account enters its owner's space."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.models import CitizenAccount
from requests.actions.core import open_request, record
from requests.enums import Verb
from requests.exceptions import RequestError
from requests.models import ServiceRequest


class FollowedElsewhere(RequestError):
    """Another person's space has it."""

    message = _("Cette demande est déjà suivie dans un autre espace. Contactez-nous.")


def earlier_requests(account: CitizenAccount):
    """The requests filed with the account's confirmed address, that stand in nobody's space.

    What they say is told only after the address has proved itself once more, by a mail.
    """
    user = account.user
    confirmed = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    if not user.email or not confirmed.exists():
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.filter(
        account=None, requester_email__iexact=user.email, anonymised_at=None
    )


@transaction.atomic
def adopt_request(
    *, request_id: int, account: CitizenAccount, now: datetime | None = None
) -> ServiceRequest:
    """Take a request into a space; the caller has had the right proved.

    Done twice, it changes nothing.

    Raises:
        FollowedElsewhere: another person's space has it.
    """
    service_request = open_request(request_id=request_id, verb=Verb.ADOPT, by_requester=True)
    owner = service_request.account
    if owner is not None:
        if owner.citizen_id != account.citizen_id:
            raise FollowedElsewhere
        return service_request
    service_request.account = account
    if service_request.citizen_id is None:
        service_request.citizen_id = account.citizen_id
    now = now or timezone.now()
    data = {"account": account.pk}
    record(service_request, Verb.ADOPT, by_requester=True, now=now, data=data, quiet=True)
    return service_request
