"""The link of a closing letter by which its reader says what they think, without a code.

It opens one page with one question about one closing, and nothing of the request.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from citizens.actions.consents import Subject, refused
from citizens.enums import ConsentKind
from requests.enums import State
from requests.models import ServiceRequest

RATING_DAYS = 60  # how long after a closing an opinion is asked for
_SIGNER = signing.Signer(salt="requests.opinion")


def opinion_link(service_request: ServiceRequest) -> str:
    """Return the address, for a mail; blank while it is open, for who said not to be asked, or is
    asked already of the request that this one follows."""
    if service_request.state != State.CLOSE or not service_request.requester_email:
        return ""
    lead = service_request.merged_into
    if lead is not None and lead.requester_email == service_request.requester_email:
        return ""  # asked about that one
    subject = Subject.of_address(service_request.requester_email)
    subjects = [subject]
    if service_request.citizen_id:
        subjects.append(Subject(service_request.citizen_id))
    if any(refused(one, ConsentKind.SATISFACTION) for one in subjects):
        return ""
    return link_about(service_request)


def link_about(service_request: ServiceRequest) -> str:
    """The address of the question about its last closing: the same whenever it is written."""
    signed = _SIGNER.sign_object([service_request.pk, service_request.reopened_count])
    return f"{settings.PUBLIC_URL}{reverse('requests:rate_by_link', args=[signed])}"


def closing_of_link(signed: str) -> ServiceRequest | None:
    """Return the request whose closing the link is about; None for a forged one.

    Whether it is still asked, `actions.may_rate` says. A request opened again, and one that was
    erased, have no such closing any more.
    """
    try:
        pk, closing = _SIGNER.unsign_object(signed)
    except signing.BadSignature:
        return None
    closed = ServiceRequest.objects.filter(state=State.CLOSE, anonymised_at=None)
    return closed.filter(pk=pk, reopened_count=closing).select_related("prestation").first()
