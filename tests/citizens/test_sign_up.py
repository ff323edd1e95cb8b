"""Opening an account: a mailed link, and no answer that tells who has one (R18)."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citizens.actions.sign_up import MAILS_AT_MOST
from citizens.models import Citizen, CitizenAccount, MailRequest, Newsletter
from massy_grc.outbox.models import Delivery
from massy_grc.users.limits import MAIL_PAIR, MAIL_VISITOR
from massy_grc.users.models import User
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

SIGN_UP = "/compte/inscription/"
NEW = "nouvelle@courriel.example"
PERSON = {
    "given_name": "Aïcha",
    "family_name": "Benali",
    "birth_date": "1990-02-03",
    "password": PASSWORD,
    "terms": "on",
}


def ask(client, email=NEW, **more):
    return client.post(SIGN_UP, {"email": email, **more})


def mailed_link(client, email=NEW, **more) -> str:
    ask(client, email, **more)
    return link_in(last_mail(email))


def test_the_link_opens_the_account_and_signs_in(client):
    page = client.post(mailed_link(client), PERSON, follow=True)
    assert page.redirect_chain[-1][0] == "/compte/"
    assert "Bonjour Aïcha Benali" in page.content.decode()
    account = CitizenAccount.objects.get()
    assert account.user.email == account.citizen.email == NEW
    assert account.user.is_citizen
    assert account.citizen.birth_date == date(1990, 2, 3)
    assert account.terms_version


def test_opening_the_link_alone_creates_nothing(client):
    client.get(mailed_link(client))
    assert not User.objects.exists()


def test_the_person_returns_where_they_came_from(client):
    link = mailed_link(client, next="/prestations/")
    assert client.post(link, PERSON).url == "/prestations/"


@pytest.mark.parametrize(
    "away", ["https://ailleurs.example/", "//ailleurs.example", "javascript:x"]
)
def test_nobody_is_sent_to_another_site(client, away):
    link = mailed_link(client, next=away)
    assert client.post(link, PERSON).url == "/compte/"


def test_known_and_unknown_addresses_get_the_same_bytes_for_the_same_work(eas_agent):
    account = make_account()
    seen = set()
    ask(Client(), "premiere@courriel.example")  # a visitor's first one also clears old counts
    for email in (NEW, account.user.email, eas_agent.email):
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(browser, email)
        work = tuple(query["sql"].split(" ", 3)[0] for query in queries.captured_queries)
        page = re.sub(rb'csrfmiddlewaretoken" value="[^"]+', b"", browser.get(answer.url).content)
        assert email.encode() in page  # as it was typed: it tells nothing about the account
        page = page.replace(email.encode(), b"")
        seen.add((answer.status_code, answer.url, answer.content, page, work))
        assert "INSERT" in work
    assert len(seen) == 1


def test_the_owner_of_a_known_address_is_written_to(client):
    account = make_account()
    ask(client, account.user.email)
    mail = last_mail(account.user.email)
    assert mail.subject == "Vous avez déjà un compte citoyen"
    assert "inscription" not in mail.body


def test_an_agents_address_opens_no_citizen_account(client, eas_agent):
    ask(client, eas_agent.email)
    mail = last_mail(eas_agent.email)
    assert mail.subject == "Cette adresse est celle d’un agent"
    assert "inscription" not in mail.body


def test_a_used_link_is_void(client):
    link = mailed_link(client)
    client.post(link, PERSON)
    again = Client().post(link, {**PERSON, "family_name": "Autre"})
    assert again.status_code == 410
    assert "Ce lien ne marche plus" in again.content.decode()
    assert CitizenAccount.objects.count() == 1


def test_an_old_link_is_void(client):
    link = mailed_link(client)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.get(link).status_code == 410


@pytest.mark.parametrize("change", [lambda s: s[:-1] + "x", lambda s: "abc", lambda s: s + ":1"])
def test_a_forged_link_is_void(client, change):
    signed = mailed_link(client).split("/")[-2]
    assert client.get(f"{SIGN_UP}{change(signed)}/").status_code == 410


def test_two_links_open_one_account(client):
    first, second = mailed_link(client), mailed_link(client)
    client.post(first, PERSON)
    assert Client().post(second, PERSON).status_code == 410


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("password", "court", "12"),
        ("password", "", "Renseignez"),
        ("password", "nouvelle@courriel", "trop"),
        ("terms", "", "Cochez la case"),
        ("given_name", "", "Renseignez"),
        ("given_name", "a" * 151, "150"),
        ("given_name", "Gagnez http://evil.test/x", "seulement le nom"),
        ("birth_date", "2999-01-01", "Cette date de naissance est dans le futur."),
        ("birth_date", "1850-01-01", "Vérifiez l’année de naissance."),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_lost(client, field, value, words):
    page = client.post(mailed_link(client), {**PERSON, field: value})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Benali" in page.content.decode()
    assert not User.objects.exists()


def test_a_pasted_password_of_any_signs_is_kept_as_it_is(client):
    password = "  Éléphant 🐘 très\tlong  "
    client.post(mailed_link(client), {**PERSON, "password": password})
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    "address",
    [
        "pas-une-adresse",
        "a@b@c.example",
        "jeanne@courriel.example\nBcc: autre@courriel.example",
        "jeanné@courriel.example",
        "j" * 250 + "@courriel.example",
        "jeanne@-.example",
        "",
    ],
)
def test_an_odd_address_is_refused_with_words(client, address):
    page = ask(client, address)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not MailRequest.objects.exists()


def test_an_address_of_look_alike_letters_is_another_address(client):
    account = make_account(email="jeanne@paris.example")
    typed = "jeanne@pаris.example"  # a Cyrillic « а »
    page = ask(client, typed).content.decode()
    assert not MailRequest.objects.exists()
    assert "« а » (alphabet cyrillique)" in page
    assert "tapez jeanne@xn--pris-53d.example" in page
    answer = ask(client, "jeanne@xn--pris-53d.example")
    assert "jeanne@xn--pris-53d.example" in client.get(answer.url).content.decode()
    drain_outbox()
    assert MailRequest.objects.get().email == "jeanne@xn--pris-53d.example"
    assert not Delivery.objects.filter(to=account.user.email).exists()


def test_the_record_of_a_proven_address_is_found_again(client):
    known = CitizenFactory(email=NEW, family_name="BENALI", given_name="Aicha", phone="")
    client.post(mailed_link(client), PERSON)
    assert CitizenAccount.objects.get().citizen == known


@pytest.mark.parametrize(
    "other",
    [{"given_name": "Farid"}, {"family_name": "Benoit"}, {"birth_date": date(1991, 2, 3)}],
)
def test_the_same_address_alone_links_nobody(client, other):
    fields = {"email": NEW, "family_name": "Benali", "given_name": "Aïcha", **other}
    known = CitizenFactory(**fields)
    client.post(mailed_link(client), PERSON)
    assert CitizenAccount.objects.get().citizen != known
    assert Citizen.objects.count() == 2


@pytest.mark.usefixtures("one_window")
def test_too_many_mails_wait(client):
    for _ in range(MAIL_PAIR.attempts):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert "Trop de messages ont été demandés" in page
    assert "Vous pourrez recommencer dans" in page


@pytest.mark.usefixtures("one_window", "catalogue")
def test_the_site_sends_twenty_mails_an_hour_for_one_visitor_whatever_the_page(client):
    newsletter = Newsletter.objects.create(code="travaux", label="Travaux")
    for number in range(MAIL_VISITOR.attempts):
        if number % 2:
            answer = ask(client, f"n{number}@courriel.example")
        else:
            form = {"email": f"n{number}@courriel.example", "newsletters": [newsletter.pk]}
            answer = client.post("/lettres-d-information/", form)
        assert answer.status_code == 302, number
    cache.clear()  # what is counted does not live there
    for path in (SIGN_UP, "/compte/password/reset/"):
        answer = client.post(path, {"email": NEW})
        assert answer.status_code == 429
        assert "tel:" in answer.content.decode()
    assert client.post(SIGN_UP, {"email": NEW}, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_nobody_uses_up_somebody_elses_mails(client):
    for _ in range(MAIL_PAIR.attempts + 1):
        client.post(SIGN_UP, {"email": NEW}, REMOTE_ADDR="203.0.113.9")
    answer = client.post(SIGN_UP, {"email": NEW}, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 302


def test_a_mailbox_is_not_flooded_from_many_places(client):
    for number in range(MAILS_AT_MOST + 2):
        client.post(SIGN_UP, {"email": NEW}, REMOTE_ADDR=f"203.0.113.{number}")
    drain_outbox()
    assert Delivery.objects.filter(to=NEW).count() == MAILS_AT_MOST


def test_the_mail_speaks_the_language_of_the_page(client):
    ask(client, NEW)
    client.post("/langue/", {"language": "en"})
    ask(client, "english@courriel.example")
    assert last_mail("english@courriel.example").subject == "Finish creating your citizen account"
    assert last_mail(NEW).subject == "Finir de créer votre compte citoyen"


def test_fields_help_password_managers(client):
    page = client.get(mailed_link(client)).content.decode()
    assert re.search(r'<input type="password"[^>]*autocomplete="new-password"', page)
    assert 'autocomplete="username"' in page
    assert "onpaste" not in page
