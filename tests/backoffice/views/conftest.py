"""Requests that the pages of agents show, their addresses, and who keeps the knowledge base."""

import pytest
from django.core import mail
from django.utils import timezone

from prestations.enums import Role
from requests.enums import State
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

VOIRIE = "voirie-assainissement"


def url(sr, verb: str = "") -> str:
    return f"/agent/demandes/{sr.reference}/" + (f"{verb}/" if verb else "")


@pytest.fixture
def sr(eas_agent):
    return make_request(
        state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent, citizen=CitizenFactory()
    )


@pytest.fixture
def transferred(catalogue):
    return make_request(
        state=State.TRANSMISE,
        department_id=VOIRIE,
        department_since=timezone.now(),
    )


@pytest.fixture
def held(catalogue, eas_agent, settings, tmp_path, text_letters):
    """`held(code)`: a request of that prestation in the front office's hands."""
    settings.MEDIA_ROOT = tmp_path

    def hold(code, **fields):
        sr = file_request(code, **fields)
        drain_outbox()
        ServiceRequest.objects.filter(pk=sr.pk).update(
            state=State.EN_COURS,
            front_agent=eas_agent,
            department=None,
            department_since=None,
            department_due_at=None,
        )
        sr.refresh_from_db()
        mail.outbox.clear()
        return sr

    return hold


@pytest.fixture
def keeper(catalogue):
    return make_agent(Role.RESPONSABLE_CONNAISSANCE, first_name="Karim", last_name="Savoir")


@pytest.fixture
def manager_browser(keeper):
    return client_of(keeper, post=None)
