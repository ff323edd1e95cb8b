"""Two requests that the pages of agents show, and their addresses."""

import pytest
from django.utils import timezone

from requests.enums import State
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

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
