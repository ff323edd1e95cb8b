"""The cast: who files, for whom, and the browsers."""

import pytest
from django.test import Client

from tests.factories.citizens import make_account
from tests.factories.organisations import make_member, make_organisation


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha")


@pytest.fixture
def colleague(catalogue):
    return make_account(family_name="Martin", given_name="Luc")


@pytest.fixture
def garden(boss, colleague):
    """An association with an administrator and a member."""
    made = make_organisation(boss)
    make_member(made, colleague)
    return made


@pytest.fixture
def browser(login):
    return lambda account: login(Client(), account.user)
