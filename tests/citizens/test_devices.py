"""The list of signed-in devices, and what ends a session (R19)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"


def sign_in(account, *, browser: str = DESK, **choices) -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD, **choices})
    return client


def is_signed_in(client) -> bool:
    return client.get("/compte/").status_code == 200


def test_each_browser_is_on_the_list_under_a_name_its_owner_knows():
    account = make_account()
    sign_in(account, browser=PHONE)
    page = sign_in(account).get("/compte/appareils/").content.decode()
    assert "Chrome (Android)" in page
    assert "Firefox (Windows)" in page
    assert "203." not in page


def test_one_device_is_signed_out_from_another():
    account = make_account()
    phone, desk = sign_in(account, browser=PHONE), sign_in(account)
    device = account.user.devices.get(label="Chrome (Android)")
    desk.post(f"/compte/appareils/{device.pk}/deconnecter/")
    assert not is_signed_in(phone)
    assert is_signed_in(desk)


def test_all_the_others_are_signed_out_at_once():
    account = make_account()
    others, desk = [sign_in(account) for _ in range(2)], sign_in(account)
    desk.post("/compte/appareils/deconnecter/")
    assert not any(is_signed_in(one) for one in others)
    assert is_signed_in(desk)


def test_somebody_elses_device_does_not_exist():
    mine, other = make_account(), make_account()
    victim = sign_in(other)
    device = other.user.devices.get()
    answer = sign_in(mine).post(f"/compte/appareils/{device.pk}/deconnecter/")
    assert answer.status_code == 404
    assert is_signed_in(victim)


def test_signing_out_ends_the_session_on_the_server_and_clears_the_list():
    account = make_account()
    client = sign_in(account)
    cookie = client.cookies["massy_session"].value
    client.post("/compte/logout/")
    thief = Client()
    thief.cookies["massy_session"] = cookie
    assert not is_signed_in(thief)
    assert not account.user.devices.exists()


def test_the_session_id_changes_at_sign_in():
    account = make_account()
    client = Client()
    client.get("/compte/login/")
    client.session["planted"] = True
    client.session.save()
    before = client.session.session_key
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})
    assert client.session.session_key != before


def test_a_session_ends_with_the_browser_and_after_twelve_hours():
    client = sign_in(make_account())
    assert not client.cookies["massy_session"]["max-age"]
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert is_signed_in(client)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert not is_signed_in(client)


def test_remembered_lasts_thirty_days():
    client = sign_in(make_account(), stay="on")
    assert client.cookies["massy_session"]["max-age"] == 30 * 24 * 3600
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert is_signed_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not is_signed_in(client)


def test_an_agent_is_never_remembered(eas_agent):
    client = Client()
    fields = {"login": eas_agent.email, "password": PASSWORD, "stay": "on"}
    client.post("/compte/login/", fields)
    assert not client.cookies["massy_session"]["max-age"]
    assert not eas_agent.devices.exists()


def test_a_new_password_signs_every_device_out():
    account = make_account()
    phone, desk = sign_in(account, browser=PHONE), sign_in(account)
    fields = {"oldpassword": PASSWORD, "password1": "quatre mots sans aucun lien"}
    desk.post("/compte/password/change/", fields)
    assert not is_signed_in(phone)
    assert not is_signed_in(desk)
    assert not account.user.devices.exists()


@pytest.mark.parametrize(
    "path",
    ["/compte/", "/compte/appareils/", "/compte/adresse/", "/compte/fermer/", "/compte/2fa/"],
)
def test_personal_pages_are_kept_nowhere(path):
    page = sign_in(make_account()).get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
