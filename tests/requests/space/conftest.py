"""Files sent in these tests go to a folder of the test's own."""

import pytest
from django.test import Client

from tests.factories.citizens import make_account


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def account(catalogue):
    """A citizen with an open account."""
    return make_account(family_name="Benali", given_name="Aïcha", email="aicha@courriel.example")


@pytest.fixture
def mine(client, login, account):
    """The browser of that citizen, signed in."""
    return login(client, account.user)


@pytest.fixture
def stranger(catalogue, login):
    """The browser of another citizen, signed in."""
    return login(Client(), make_account(family_name="Autre").user)
