"""Django's own admin has no side door."""

import html

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import reverse

from massy_grc.users.models import User


@pytest.mark.django_db
def test_technical_admin_sends_to_our_log_in_page(client):
    response = client.get("/technique/login/")
    assert response.status_code == 302
    assert response["Location"].startswith("/compte/login/")


@pytest.mark.django_db
def test_technical_admin_refuses_a_posted_password(client):
    User.objects.create_superuser(
        "chef@massy.example", "un-mot-de-passe-long", first_name="A", last_name="B"
    )
    response = client.post(
        "/technique/login/", {"username": "chef@massy.example", "password": "un-mot-de-passe-long"}
    )
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_an_administrator_without_the_right_reads_why_and_what_to_do(client, login, administrator):
    response = login(client, administrator).get("/technique/", follow=True)
    assert response.status_code == 403
    page = html.unescape(response.content.decode())
    assert "L’administration technique vous est fermée" in page
    assert "/agent/parametrage/" in page
    assert "Activer le second facteur" in page


@pytest.mark.django_db
def test_the_right_opens_nothing_without_a_second_factor(client, login, administrator, settings):
    settings.STAFF_MFA_REQUIRED = False
    call_command("technical_access", administrator.email)
    refused = login(client, administrator).get("/technique/", follow=True)
    assert refused.status_code == 403
    assert "Activer le second facteur" in refused.text
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": "x"})
    assert client.get("/technique/").status_code == 200
    assert client.get("/technique/").status_code == 200
    for more in ((), ("--withdraw",), ("--withdraw",)):
        call_command("technical_access", administrator.email, *more)
    assert client.get("/technique/", follow=True).status_code == 403
    # each change of the right and each session within it is in the log that officers read
    page = client.get(reverse("backoffice:access_grants")).context
    acts = ["technical_withdraw", "technical_renew", "technical_enter", "technical_open"]
    assert [one.record.action for one in page["rows"]] == acts
    assert [one.on_server for one in page["rows"]] == [True, True, False, True]
