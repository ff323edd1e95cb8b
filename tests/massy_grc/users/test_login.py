"""Logging in, staying in, and being put out (R18, R19)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from massy_grc.users.limits import CODE_PAIR, LOGIN_PAIR
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

LOGIN = "/compte/login/"


def log_in(client, email: str, password: str = PASSWORD, **headers):
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def test_agent_logs_in_with_the_address_in_any_case(client, eas_agent):
    assert log_in(client, eas_agent.email.upper()).url == "/agent/"


def test_session_id_changes_at_login_and_dies_at_logout(client, eas_agent):
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    log_in(client, eas_agent.email)
    after = client.session.session_key
    assert before != after
    client.post("/compte/logout/")
    thief = Client()
    thief.cookies["massy_session"] = after
    assert thief.get("/agent/").status_code == 302


def test_wrong_password_and_unknown_address_get_the_same_page(client, eas_agent):
    def page(email):
        content = log_in(Client(), email, "faux mot de passe").content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="[^"]+|value="[^"]*@[^"]*"', "", content)

    assert page(eas_agent.email) == page("personne@massy.example")
    assert "Cette adresse électronique et ce mot de passe ne vont pas ensemble." in page("a@b.fr")


@pytest.mark.usefixtures("one_window")
def test_too_many_wrong_passwords_wait(client, eas_agent):
    for _ in range(LOGIN_PAIR.attempts):
        assert log_in(client, eas_agent.email, "faux").status_code == 200
    response = log_in(client, eas_agent.email)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Votre compte n’est pas bloqué" in response.content.decode()


@pytest.mark.usefixtures("one_window")
@pytest.mark.parametrize("who", ["agent", "citizen"])
def test_wrong_codes_are_counted_without_the_cache(client, eas_agent, who):
    user = eas_agent if who == "agent" else make_account().user
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    log_in(client, user.email)
    for _ in range(CODE_PAIR.attempts):
        cache.clear()  # as when Redis is away or was flushed
        answer = client.post("/compte/2fa/authenticate/", {"code": "000000"})
        assert answer.status_code == 200
    answer = client.post("/compte/2fa/authenticate/", {"code": code(secret)})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert "Trop de codes faux" in page
    assert "Vous pourrez recommencer dans" in page


def test_nobody_locks_somebody_elses_account(client, eas_agent):
    """Wrong passwords from one place leave the account open from another."""
    for _ in range(LOGIN_PAIR.attempts + 2):
        log_in(client, eas_agent.email, "faux", REMOTE_ADDR="203.0.113.9")
    assert log_in(Client(), eas_agent.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_right_passwords_never_use_the_allowance_up(eas_agent):
    for _ in range(LOGIN_PAIR.attempts + 2):
        assert log_in(Client(), eas_agent.email).status_code == 302


def test_closed_account_cannot_log_in(client, eas_agent):
    eas_agent.is_active = False
    eas_agent.save()
    log_in(client, eas_agent.email)
    assert client.get("/agent/").status_code == 302


def test_idle_session_ends(client, eas_agent, settings):
    log_in(client, eas_agent.email)
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=29)):
        assert client.get("/agent/poste/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=58)):
        assert client.get("/agent/poste/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=89)):
        assert client.get("/agent/poste/").url == "/compte/login/?next=/agent/poste/"


def test_session_ends_after_twelve_hours_whatever_is_done(client, eas_agent):
    log_in(client, eas_agent.email)
    now = timezone.now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert client.get("/agent/poste/").status_code == 200
    with time_machine.travel(now + timedelta(hours=12, minutes=1)):
        assert client.get("/agent/poste/").status_code == 302


def test_password_is_reset_by_a_mailed_link_that_works_once(client, eas_agent):
    client.post("/compte/password/reset/", {"email": eas_agent.email})
    drain_outbox()
    delivery = Delivery.objects.get()
    assert delivery.to == eas_agent.email
    assert delivery.subject == "Choisir un nouveau mot de passe"
    link = re.search(r"http://localhost:8000(\S+)", delivery.body)[1]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    new = "une autre phrase secrète"
    client.post(address, {"password1": new, "password2": new})
    assert log_in(Client(), eas_agent.email, new).status_code == 302
    assert "Ce lien ne marche plus" in Client().get(link, follow=True).content.decode()


def test_reset_answers_alike_for_known_and_unknown(eas_agent):
    known = Client().post("/compte/password/reset/", {"email": eas_agent.email})
    unknown = Client().post("/compte/password/reset/", {"email": "personne@massy.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_no_agent_signs_up_or_changes_the_address_the_administrator_gave(client, eas_agent):
    log_in(client, eas_agent.email)
    for path in ("signup/", "email/", "confirm-email/", "confirm-email/x/", "login/code/confirm/"):
        assert client.get(f"/compte/{path}").status_code == 404
        assert client.post(f"/compte/{path}").status_code == 404
    assert client.post("/compte/adresse/", {"email": "autre@massy.example"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("login/", "Se connecter"),
        ("password/reset/", "Mot de passe oublié"),
        ("password/reset/done/", "Consultez votre messagerie"),
        ("inactive/", "Accès fermé"),
    ],
)
def test_account_pages_speak_french(client, path, words):
    page = client.get(f"/compte/{path}").content.decode()
    assert words in page
    assert not re.search(r"\bsign (in|up|out)\b", page, re.IGNORECASE)


# --- second factor -------------------------------------------------------------------------------


@pytest.fixture
def secret(eas_agent) -> str:
    secret = generate_totp_secret()
    TOTP.activate(eas_agent, secret)
    return secret


def code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def test_code_is_asked_after_the_password(client, eas_agent, secret):
    assert log_in(client, eas_agent.email).url == "/compte/2fa/authenticate/"
    assert client.get("/agent/").status_code == 302
    client.post("/compte/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/agent/poste/").status_code == 200


def test_code_works_once(eas_agent, secret):
    used = code(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        log_in(browser, eas_agent.email)
        browser.post("/compte/2fa/authenticate/", {"code": used})
    assert first.get("/agent/poste/").status_code == 200
    assert second.get("/agent/poste/").status_code == 302


def test_recovery_code_opens_once(eas_agent, secret):
    codes = RecoveryCodes.activate(eas_agent).get_unused_codes()
    for expected in (200, 302):
        browser = Client()
        log_in(browser, eas_agent.email)
        browser.post("/compte/2fa/authenticate/", {"code": codes[0]})
        assert browser.get("/agent/poste/").status_code == expected


def test_policy_asks_for_a_second_factor_before_any_staff_page(client, eas_agent, settings):
    settings.STAFF_MFA_REQUIRED = True
    log_in(client, eas_agent.email)
    for path in ("/agent/", "/agent/demandes/", "/pilotage/"):
        assert client.get(path).url == "/compte/2fa/totp/activate/"


def test_agent_activates_the_second_factor(client, eas_agent, settings):
    settings.STAFF_MFA_REQUIRED = True
    log_in(client, eas_agent.email)
    page = client.get("/compte/2fa/totp/activate/")
    assert page.status_code == 200, page.url
    shown = page.context["form"].secret
    assert shown in page.content.decode()
    client.post("/compte/2fa/totp/activate/", {"code": code(shown)})
    assert Authenticator.objects.filter(user=eas_agent, type="totp").exists()
    assert client.get("/agent/poste/").status_code == 200
    assert client.get("/compte/2fa/").status_code == 200
    assert "codes de secours" in client.get("/compte/2fa/recovery-codes/").content.decode()


def test_sensitive_setting_asks_for_the_password_again(client, eas_agent, secret):
    log_in(client, eas_agent.email)
    client.post("/compte/2fa/authenticate/", {"code": code(secret)})
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        response = client.get("/compte/2fa/totp/deactivate/")
        assert "reauthenticate" in response.url
        assert "Confirmer que c’est vous" in client.get(response.url).content.decode()


def test_the_log_in_page_takes_what_a_password_manager_fills_in_and_sets_no_puzzle(client):
    """Bar 20; WCAG 2.2, 3.3.8."""
    page = client.get(LOGIN).content.decode()
    form = re.search(rf'<form method="post" action="{LOGIN}".*?</form>', page, re.DOTALL)[0]
    fields = re.findall(r"<input [^>]*>", form)
    shown = [one for one in fields if 'type="hidden"' not in one]
    assert [re.search('autocomplete="([^"]*)"', one)[1] for one in shown[:2]] == [
        "username",
        "current-password",
    ]
    assert len(shown) == 3  # and to stay signed in
    for script in re.findall(r'src="/static/(js/[^"]+)"', page):
        assert "paste" not in (Path(settings.BASE_DIR) / "static" / script).read_text()
