"""An association, who administers it, and a colleague."""

import pytest
from django.test import Client

from tests.factories.citizens import make_account
from tests.factories.organisations import make_organisation

GUEST = "invitee@courriel.example"


@pytest.fixture
def boss(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha")


@pytest.fixture
def colleague(catalogue):
    return make_account(family_name="Martin", given_name="Luc", email=GUEST)


@pytest.fixture
def browser(login):
    return lambda account: login(Client(), account.user)


@pytest.fixture
def garden(boss):
    return make_organisation(boss)


def members_page(organisation, path="membres/"):
    return f"/compte/organisations/{organisation.pk}/{path}"
