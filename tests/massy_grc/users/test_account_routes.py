"""Which account pages there are, and that every account can get its second factor."""

import re
from io import StringIO
from random import Random

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import get_resolver

from backoffice.actions.staff import invite_agent
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Team
from requests.demo.people import StaffBuilder, demo_login
from tests.factories.users import PASSWORD
from tests.massy_grc.users.test_login import code

LIBRARYS_OWN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}


def named_routes(patterns, prefix=""):
    """Yield the whole path and name of every route below `patterns`."""
    for one in patterns:
        path = prefix + str(one.pattern).lstrip("^")
        if hasattr(one, "url_patterns"):
            yield from named_routes(one.url_patterns, path)
        else:
            yield path, one.name


def test_only_these_pages_of_the_account_library_are_reachable():
    """Its sign-up and its change of address, which ours replace, are not."""
    library = ("account_", "mfa_", "socialaccount_", "usersessions_")
    assert {
        name
        for path, name in named_routes(get_resolver().url_patterns)
        if (name or "").startswith(library) and not path.startswith("technique/")
    } == LIBRARYS_OWN


def invited(administrator) -> User:
    return invite_agent(
        actor=administrator,
        email="nouvelle@massy.example",
        first_name="Nour",
        last_name="Haddad",
        role=Role.AGENT_EAS,
        team=Team.objects.get(pk="eas"),
    )


def first_administrator(_administrator) -> User:
    User.objects.all().delete()
    call_command("first_administrator", "a@massy.example", "A", "B", stdout=StringIO())
    return User.objects.get()


def superuser(_administrator) -> User:
    return User.objects.create_superuser("s@massy.example", None, first_name="S", last_name="U")


def demo(_administrator) -> User:
    StaffBuilder(Random(1)).build()
    return User.objects.get(email=demo_login(Role.AGENT_EAS))


def once_locked_out(administrator) -> User:
    """The row that the old page left behind."""
    user = superuser(administrator)
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("way", [invited, first_administrator, superuser, demo, once_locked_out])
def test_second_factor_is_activated_however_the_account_was_made(
    client, administrator, settings, way
):
    settings.STAFF_MFA_REQUIRED = True
    user = way(administrator)
    user.set_password(PASSWORD)
    user.save()
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})

    page = client.get("/compte/2fa/totp/activate/")
    assert page.status_code == 200, page.url
    client.post("/compte/2fa/totp/activate/", {"code": code(page.context["form"].secret)})

    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert not re.search("activate", client.get("/agent/poste/").headers.get("Location", ""))
