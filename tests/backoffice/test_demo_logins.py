"""The list of demo log-ins."""

import pytest
from django.core.management import CommandError, call_command

from prestations.enums import Role
from requests.demo.people import demo_login
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def test_lists_the_demo_accounts_that_exist(settings, capsys):
    settings.DEMO = True
    UserFactory(email=demo_login(Role.MAIRE))
    call_command("demo_logins")
    printed = capsys.readouterr().out
    assert "maire@demo.massy.example" in printed
    assert "superviseur@" not in printed


def test_refuses_outside_the_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_logins")


def test_says_when_there_is_no_demo_account(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="demo_data"):
        call_command("demo_logins")
