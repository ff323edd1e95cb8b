"""Changing the address, the password, and closing: told to the owner, confirmed by them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from citizens.models import CitizenAccount, EmailChange
from massy_grc.common.words import date_words, phone_words
from massy_grc.outbox.models import Delivery
from prestations.models import Town
from requests.enums import Verb
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import make_account
from tests.factories.requests import make_request
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

NEW = "nouvelle@courriel.example"


@pytest.fixture
def account(db) -> CitizenAccount:
    return make_account(email="ancienne@courriel.example", given_name="Aïcha")


@pytest.fixture
def owner(account) -> Client:
    client = Client()
    client.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})
    return client


@pytest.fixture
def links(owner, account) -> tuple[str, str]:
    """The links mailed to the old address and to the new one."""
    owner.post("/compte/adresse/", {"email": NEW})
    return link_in(last_mail(account.user.email)), link_in(last_mail(NEW))


def current(account) -> str:
    return CitizenAccount.objects.get(pk=account.pk).user.email


def test_the_address_changes_when_both_ends_have_confirmed(account, links):
    old, new = links
    stranger = Client()  # whoever reads the mail, on whatever device
    stranger.post(new)
    assert current(account) == "ancienne@courriel.example"
    stranger.post(old)
    assert current(account) == NEW
    account.refresh_from_db()
    assert account.citizen.email == NEW
    drain_outbox()
    told = Delivery.objects.filter(subject="Votre compte a changé d’adresse")
    assert {mail.to for mail in told} == {"ancienne@courriel.example", NEW}
    signed_in = Client()
    signed_in.post("/compte/login/", {"login": NEW, "password": PASSWORD})
    assert signed_in.get("/compte/").status_code == 200


def test_the_requests_of_the_space_are_reached_at_the_new_address_alone(account, links):
    own = make_request(account=account, requester_email="Ancienne@courriel.example")
    other = make_request(account=account, requester_email="autre@courriel.example")
    not_theirs = make_request(requester_email="ancienne@courriel.example")
    for link in links:
        Client().post(link)
    drain_outbox()
    reached = [type(one).objects.get(pk=one.pk).requester_email for one in (own, other, not_theirs)]
    assert reached == [NEW, "autre@courriel.example", "ancienne@courriel.example"]
    (event,) = own.events.filter(verb=Verb.CORRECT_CONTACT)
    assert event.by_requester
    assert not other.events.filter(verb=Verb.CORRECT_CONTACT).exists()
    typed = {"reference": own.reference, "secret": "ancienne@courriel.example"}
    assert "Nous n’avons pas trouvé" in Client().post("/suivi/", typed).text
    assert Client().post("/suivi/", typed | {"secret": NEW}).status_code == 302


def test_opening_the_links_alone_changes_nothing(account, links):
    for link in links:
        assert Client().get(link).status_code == 200
    assert current(account) == "ancienne@courriel.example"


@pytest.mark.parametrize("refusing", [0, 1])
def test_either_end_can_refuse(account, links, refusing):
    Client().post(links[refusing], {"cancel": "1"})
    for link in links:
        assert Client().post(link).status_code == 410
    assert current(account) == "ancienne@courriel.example"


def test_a_second_wish_replaces_the_first(owner, account, links):
    owner.post("/compte/adresse/", {"email": "autre@courriel.example"})
    for link in links:
        assert Client().post(link).status_code == 410
    assert current(account) == "ancienne@courriel.example"


def test_a_change_that_waits_is_shown_until_its_last_day_and_undone(owner, account, links):
    page = owner.get("/compte/adresse/").text
    assert "Un changement est en attente" in page
    assert f"<strong>{NEW}</strong>" in page
    assert date_words(timezone.now() + timedelta(days=3)) in page
    said = owner.post("/compte/adresse/", {"cancel": "1"}, follow=True).text
    assert "Le changement d’adresse est annulé." in said
    assert NEW not in said
    assert [Client().post(link).status_code for link in links] == [410, 410]
    assert "plus de changement" in owner.post("/compte/adresse/", {"cancel": "1"}, follow=True).text
    assert current(account) == "ancienne@courriel.example"


def test_a_change_that_nobody_may_confirm_any_more_is_not_shown(account, links):
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        later = Client()
        later.post("/compte/login/", {"login": account.user.email, "password": PASSWORD})
        assert NEW not in later.get("/compte/adresse/").text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_security_mail_names_the_number_and_the_page_to_reach_the_town(
    catalogue, owner, account, language
):
    owner.post("/langue/", {"language": language})
    owner.post("/compte/fermer/", {"sure": "on"})
    body = last_mail(account.user.email).body
    assert phone_words(Town.objects.get().phone) in body
    assert f"{settings.PUBLIC_URL}/contact/" in body


def test_old_links_are_void(account, links):
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert [Client().post(link).status_code for link in links] == [410, 410]


def test_a_used_link_says_so_and_does_nothing_more(account, links):
    for link in links:
        Client().post(link)
    done = EmailChange.objects.values().get()
    for link in links:
        for data in ({}, {"cancel": "1"}):
            assert "il n’y a plus rien à faire" in Client().post(link, data).content.decode()
    assert EmailChange.objects.values().get() == done


def test_a_link_of_one_end_is_none_of_the_other(account, links):
    """The new address alone cannot play both ends."""
    Client().post(links[1])
    Client().post(links[1])
    assert current(account) == "ancienne@courriel.example"


def test_an_address_in_use_is_answered_alike_and_never_taken(owner, account):
    other = make_account()
    pages = []
    for email in (NEW, other.user.email):
        page = owner.post("/compte/adresse/", {"email": email}).content.decode()
        page = page.replace(email, "x")
        pages.append(re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", page))
    assert pages[0] == pages[1]
    mail = last_mail(other.user.email)
    assert mail.subject == "Cette adresse a déjà un compte"
    Client().post(link_in(last_mail(account.user.email)))
    assert current(account) == "ancienne@courriel.example"


def test_an_address_taken_meanwhile_is_not_taken_away(account, links):
    Client().post(links[0])
    make_account(email=NEW)
    assert Client().post(links[1]).status_code == 410
    assert current(account) == "ancienne@courriel.example"


@pytest.mark.parametrize(
    "path", ["/compte/adresse/", "/compte/fermer/", "/compte/2fa/totp/activate/"]
)
def test_after_some_minutes_the_owner_proves_themselves_again(owner, path):
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert "/compte/reauthenticate/" in owner.get(path).url
        page = owner.get(owner.get(path).url)
        assert "Confirmer que c’est vous" in page.content.decode()


def test_a_changed_password_is_told_to_its_owner(owner, account):
    fields = {"oldpassword": PASSWORD, "password1": "quatre mots sans aucun lien"}
    owner.post("/compte/password/change/", fields)
    mail = last_mail(account.user.email)
    assert mail.subject == "Changement sur votre compte"
    assert "Le mot de passe a été changé." in mail.body


def test_closing_needs_a_tick(owner, account):
    page = owner.post("/compte/fermer/", {})
    assert "Cochez la case" in page.content.decode()
    account.refresh_from_db()
    assert account.closed_at is None


def test_closing_forgets_the_log_in_and_keeps_the_requests(owner, account):
    service_request = make_request(citizen=account.citizen)
    assert owner.post("/compte/fermer/", {"sure": "on"}).url == "/compte/ferme/"
    assert owner.get("/compte/").status_code == 302
    assert "Votre compte est fermé" in owner.get("/compte/ferme/").content.decode()
    again = Client()
    again.post("/compte/login/", {"login": "ancienne@courriel.example", "password": PASSWORD})
    assert again.get("/compte/").status_code == 302
    service_request.refresh_from_db()
    assert service_request.citizen == account.citizen
    drain_outbox()
    told = Delivery.objects.filter(subject="Votre compte citoyen est fermé")
    assert [mail.to for mail in told] == ["ancienne@courriel.example"]


def test_whoever_comes_back_finds_the_same_record(owner, account):
    owner.post("/compte/fermer/", {"sure": "on"})
    browser = Client()
    browser.post("/compte/inscription/", {"email": "ancienne@courriel.example"})
    link = link_in(last_mail("ancienne@courriel.example"))
    person = {"given_name": "Aïcha", "family_name": "Durand", "password": PASSWORD, "terms": "on"}
    browser.post(link, person)
    opened = CitizenAccount.objects.open().get()
    assert opened.pk != account.pk
    assert opened.citizen == account.citizen
