"""The signed link by which the person concerned says that they object."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from requests.models import ServiceRequest

SALT = "requests.objection"


def objection_link(service_request: ServiceRequest) -> str:
    """Return the absolute address at which the person concerned objects; it never expires."""
    signed = signing.dumps(service_request.pk, salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('requests:object', args=[signed])}"


def request_of_objection(signed: str) -> ServiceRequest | None:
    """Return the request of an objection's link; None when forged or erased."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    known = ServiceRequest.objects.select_related("prestation", "concerned")
    return known.filter(pk=pk, anonymised_at=None, concerned__isnull=False).first()
