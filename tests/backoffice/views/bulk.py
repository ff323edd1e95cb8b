"""An act on many requests through its pages: ticked, previewed, sent."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.models import BulkRun
from massy_grc.outbox.models import OutboxEvent
from prestations.enums import Role
from requests.enums import State
from requests.models import ServiceRequest
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

BULK = "/agent/demandes/groupe/"


def ticked(*requests: ServiceRequest) -> list[str]:
    """What the boxes of the list send of these requests."""
    return [f"{sr.pk}.{sr.version}" for sr in requests]


def previewed(client: Client, act: str, *requests: ServiceRequest):
    """The page that tells what would be done."""
    return client.get(BULK, {"acte": act, "row": ticked(*requests)})


def sent(client: Client, act: str, page, **typed: Any):
    """Send the form of a preview, as it was shown."""
    rows = [row.value for row in page.context["rows"] if not row.why_not]
    given = {"acte": act, "token": page.context["token"], "row": rows, **typed}
    return client.post(BULK, given)


def begun(client: Client, act: str, *requests: ServiceRequest, **typed: Any) -> BulkRun:
    """Choose, preview and send: the run, of which nothing is done yet."""
    answer = sent(client, act, previewed(client, act, *requests), **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return BulkRun.objects.latest("pk")


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.values_list("outcome", "words"))


def address(run: BulkRun, then: str = "") -> str:
    return f"{BULK}{run.pk}/{then}"


@pytest.fixture
def three(eas_agent):
    """Three requests of the front office that somebody else handles."""
    other = make_agent(Role.AGENT_EAS, first_name="Paul", last_name="Ferry")
    prestation = PrestationFactory()
    rows = [
        make_request(prestation=prestation, state=State.EN_COURS, assignee=other, front_agent=other)
        for _ in range(3)
    ]
    OutboxEvent.objects.all().delete()  # what follows from their filing is not looked at here
    return rows


@pytest.fixture
def mine(three, eas_agent):
    """Three requests in the agent's own hands."""
    pks = [sr.pk for sr in three]
    ServiceRequest.objects.filter(pk__in=pks).update(assignee=eas_agent, front_agent=eas_agent)
    return list(ServiceRequest.objects.filter(pk__in=pks).order_by("pk"))


def fresh(requests):
    return [ServiceRequest.objects.get(pk=sr.pk) for sr in requests]


def queries_of(ask, *about) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ask(*about).status_code == 200
    return len(captured)
