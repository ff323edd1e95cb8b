"""A forgotten password: the same answer and the same work for all."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from massy_grc.users.limits import MAIL_PAIR
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

RESET = "/compte/password/reset/"
SECRET = "quatre mots sans aucun lien"


def test_known_and_unknown_addresses_get_the_same_bytes_for_the_same_work(eas_agent):
    account = make_account()
    seen = set()
    # a visitor's first one also clears old counts
    Client().post(RESET, {"email": "premiere@courriel.example"})
    for email in ("personne@courriel.example", account.user.email, eas_agent.email):
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(RESET, {"email": email})
        work = tuple(query["sql"].split(" ", 3)[0] for query in queries.captured_queries)
        page = re.sub(rb'csrfmiddlewaretoken" value="[^"]+', b"", browser.get(answer.url).content)
        assert email.encode() in page  # as it was typed: it tells nothing about the account
        page = page.replace(email.encode(), b"")
        seen.add((answer.status_code, answer.url, answer.content, page, work))
    assert len(seen) == 1


def test_nobody_unknown_is_written_to(client):
    client.post(RESET, {"email": "personne@courriel.example"})
    drain_outbox()
    assert not Delivery.objects.exists()


def test_the_link_lets_choose_a_password_once(client):
    account = make_account()
    client.post(RESET, {"email": account.user.email.upper()})
    link = link_in(last_mail(account.user.email))
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": SECRET})
    signed_in = Client()
    signed_in.post("/compte/login/", {"login": account.user.email, "password": SECRET})
    assert signed_in.get("/compte/").status_code == 200
    assert "Ce lien ne marche plus" in Client().get(link, follow=True).content.decode()


def test_the_link_is_void_after_four_hours(client):
    account = make_account()
    client.post(RESET, {"email": account.user.email})
    link = link_in(last_mail(account.user.email))
    later = timezone.now() + timedelta(hours=4, minutes=1)
    with time_machine.travel(later.timestamp()):  # a datetime would set the zone to UTC as well
        assert "Ce lien ne marche plus" in Client().get(link, follow=True).content.decode()


def test_wrong_passwords_for_known_and_unknown_addresses_are_answered_alike():
    account = make_account()

    def page(email: str) -> str:
        fields = {"login": email, "password": "faux mot de passe"}
        content = Client().post("/compte/login/", fields).content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="[^"]+|value="[^"]*@[^"]*"', "", content)

    assert page(account.user.email) == page("personne@courriel.example")


@pytest.mark.usefixtures("one_window")
def test_too_many_mails_wait(client):
    for _ in range(MAIL_PAIR.attempts):
        client.post(RESET, {"email": "a@courriel.example"})
    answer = client.post(RESET, {"email": "a@courriel.example"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_first_password_is_for_whoever_proves_to_own_the_address(client):
    """An account of FranceConnect with a confirmed address gets the local way in."""
    account = make_account(password=None)
    client.post(RESET, {"email": account.user.email})
    form = client.get(link_in(last_mail(account.user.email)), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": SECRET})
    account.user.refresh_from_db()
    assert account.user.check_password(SECRET)
    assert not account.user.check_password(PASSWORD)
