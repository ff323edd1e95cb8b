"""What a page knows to be empty it does not ask for again, and nothing that is there is lost."""

import pytest

from citizens.models import Citizen
from massy_grc.common.empties import know_empties, may_hold
from requests.models import Complaint, ServiceRequest
from tests.backoffice.views.test_request_tools import attached
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import AgentFactory

pytestmark = pytest.mark.django_db
FILTERED = {"alerts": {"cleared_at": None}, "tasks": {"ended_at": None}}


def test_what_holds_nothing_makes_no_query_however_it_is_read(django_assert_num_queries):
    request = ServiceRequest.objects.get(pk=make_request().pk)
    request.alerts.all().delete()
    with django_assert_num_queries(1):
        know_empties(request)
    with django_assert_num_queries(0):
        assert not request.attachments.all()
        assert request.pieces.order_by("-pk").first() is None
        for name, narrowed in FILTERED.items():
            assert list(getattr(request, name).filter(**narrowed).select_related()) == []
        assert not hasattr(request, "complaint")
        assert not may_hold(request, "complaint")


def test_what_holds_something_is_read_as_ever():
    request = ServiceRequest.objects.get(pk=make_request().pk)
    photo = attached(request)
    Complaint.objects.create(
        request=request, updated_by=AgentFactory(), updated_at=request.arrived_at
    )
    know_empties(request)
    assert list(request.attachments.all()) == [photo]
    assert request.complaint.request_id == request.pk
    assert may_hold(request, "attachments")
    assert may_hold(request, "complaint")
    assert list(request.events.all()) == list(request.events.model.objects.filter(request=request))


def test_what_lies_beyond_a_relation_is_known_too(django_assert_num_queries):
    request = make_request(citizen=CitizenFactory())
    citizen = Citizen.objects.get(pk=request.citizen_id)
    with django_assert_num_queries(1):
        know_empties(citizen, "requests__messages", "requests__hand_overs", "contacts__call_back")
    assert may_hold(citizen, "requests__messages") is request.messages.exists()
    assert not may_hold(citizen, "requests__hand_overs")
    assert may_hold(citizen, "requests__hand_overs", "requests")
    assert not may_hold(citizen, "contacts__call_back", "contacts")
