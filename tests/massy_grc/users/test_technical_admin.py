"""Django's own admin has no side door."""

import html

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

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
    call_command("technical_access", administrator.email, "--withdraw")
    assert client.get("/technique/", follow=True).status_code == 403
