"""What the demo adds to some invented requests: never to one that the rules keep from it.

The invented year depends on the day: what no seed met today, some town's first evening would.
"""

from datetime import timedelta

import pytest

from prestations.models import Prestation
from requests.demo.forwarding import make_forwardings
from requests.demo.pairs import make_pairs
from requests.demo.people import Staff
from requests.enums import State
from requests.models import Complaint, ServiceRequest
from tests.factories.places import make_street
from tests.requests.demo.support import NOW
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
POTHOLE = "voirie-intervention-rapide"


def at_work(code: str, hours_ago: int, **fields) -> ServiceRequest:
    """An open request that somebody works on."""
    sr = file_request(code, now=NOW - timedelta(hours=hours_ago))
    ServiceRequest.objects.filter(pk=sr.pk).update(state=State.EN_COURS, **fields)
    return sr


def test_what_is_forwarded_is_never_an_abusive_request(catalogue, supervisor):
    ordinary, abusive = at_work(POTHOLE, 9), at_work(POTHOLE, 1)
    Complaint.objects.create(request=abusive, abusive=True, updated_by=supervisor, updated_at=NOW)

    make_forwardings(Staff(supervisor=supervisor.pk), NOW)

    assert ServiceRequest.objects.get(forwarded_to__isnull=False) == ordinary


def test_what_comes_back_needs_no_document(catalogue, eas_agent):
    public = Prestation.objects.filter(public_reports=True, restricted="")
    asking = next(one for one in public if _asks_documents(one))
    street = make_street()
    at_work(asking.code, 9, street=street)
    free = at_work(POTHOLE, 1, street=street)

    make_pairs(Staff(eas=[eas_agent.pk]), NOW)

    assert ServiceRequest.objects.exclude(repeats="").get() == free


def _asks_documents(prestation: Prestation) -> bool:
    documents = prestation.current_form.definition["documents"]
    return any(one["mode"] != "optional" for one in documents)
