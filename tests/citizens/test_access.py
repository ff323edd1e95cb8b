"""Who gets into the citizen's space, and that agents and citizens stay apart."""

import pytest

from massy_grc.users.models import User
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD

pytestmark = pytest.mark.django_db

HOME = "/compte/"


def test_a_visitor_is_sent_to_the_log_in_page_and_back(client):
    assert client.get(HOME).url == "/compte/login/?next=/compte/"


def test_a_citizen_sees_their_account(client, login):
    account = make_account(given_name="Aïcha", family_name="Benali")
    page = login(client, account.user).get(HOME)
    assert "Bonjour Aïcha Benali" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_an_agent_has_no_citizen_account(client, login, eas_agent):
    assert login(client, eas_agent).get(HOME).status_code == 403


def test_a_closed_account_opens_nothing(client, login):
    account = make_account()
    account.closed_at = account.created_at
    account.save()
    assert login(client, account.user).get(HOME).status_code == 403


@pytest.mark.parametrize("path", ["/agent/", "/agent/demandes/", "/agent/citoyens/", "/pilotage/"])
def test_a_citizen_gets_no_staff_page(client, login, path):
    assert login(client, make_account().user).get(path).status_code == 403


def test_the_staff_rules_do_not_touch_citizens(client, login, settings):
    settings.STAFF_MFA_REQUIRED = True
    assert login(client, make_account().user).get(HOME).status_code == 200


def test_the_administrator_neither_sees_nor_changes_a_citizens_log_in(client, login, administrator):
    user = make_account(family_name="Introuvable").user
    login(client, administrator)
    assert "Introuvable" not in client.get("/agent/parametrage/agents/").content.decode()
    assert client.get(f"/agent/parametrage/agents/{user.pk}/").status_code == 404
    assert client.post(f"/agent/parametrage/agents/{user.pk}/desactiver/").status_code == 404
    assert User.objects.get(pk=user.pk).is_active


def test_a_citizen_logs_in_with_address_and_password(client):
    account = make_account()
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})
    assert client.get(HOME).status_code == 200
