"""Sign-in through a real, certified OpenID provider in FranceConnect's shape (L11)."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from citizens.models import Citizen, CitizenAccount, FederatedIdentity, PossibleDuplicate
from citizens.terms import TERMS_VERSION
from tests.citizens.franceconnect.conftest import START, TERMS, Person
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.users import PASSWORD

pytestmark = pytest.mark.django_db

SOLENE = {
    "family_name": "Trévidic",
    "given_name": "Solène",
    "birth_date": date(1984, 3, 7),
    "birth_place": "29019",
    "email": "mairie@courriel.example",
}


def test_without_configuration_there_is_no_button_and_no_door(client, settings):
    settings.FRANCECONNECT = {}
    assert "FranceConnect" not in client.get("/compte/login/").content.decode()
    assert client.get(START).status_code == 404


def test_what_is_asked_of_the_provider(person):
    page = person.client.get("/compte/login/").content.decode()
    assert "Se connecter avec FranceConnect" in page
    query = parse_qs(urlsplit(person.client.get(START).url).query)
    assert query["acr_values"] == ["eidas1"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"family_name", "birthplace", "preferred_username"} <= set(query["scope"][0].split())
    assert len(query["state"][0]) >= 32 <= len(query["nonce"][0])


def test_the_first_sign_in_opens_an_account_without_a_proven_address(person):
    page = person.signs_in("solene")
    assert page.redirect_chain[-1][0] == "/compte/"
    account = CitizenAccount.objects.get()
    assert account.citizen.family_name == "TREVIDIC"
    assert account.citizen.birth_date == date(1984, 3, 7)
    assert account.citizen.birth_place == "29019"
    assert account.citizen.usage_name == ""
    assert account.user.email is None
    assert not account.user.has_usable_password()


def test_nothing_is_made_before_the_terms_are_read_and_accepted(person):
    page = person.arrives("solene")
    text = page.content.decode()
    assert page.request["PATH_INFO"] == TERMS
    given = ("TREVIDIC", "Solène Marie", "LE GALL", "Féminin", ">7 mars 1984<", "29019")
    for told in (*given, "conditions"):
        assert told in text
    page = person.client.post(TERMS, {})
    assert page.status_code == 200
    assert "aria-invalid" in page.content.decode()
    assert not CitizenAccount.objects.exists()
    person.client.post(TERMS, {"terms": "on"})
    assert CitizenAccount.objects.get().terms_version == TERMS_VERSION
    assert CitizenAccount.objects.get().citizen.gender == "female"


def test_whoever_does_not_want_an_account_leaves_no_trace_and_is_signed_out_there(
    person, franceconnect
):
    person.arrives("solene")
    answer = person.client.post("/compte/franceconnect/renoncer/")
    assert answer.url.startswith(f"{franceconnect}/session/end")
    assert "Aucun compte n’a été créé" in person.client.get("/").content.decode()
    assert person.client.get(TERMS).url == "/compte/login/"
    assert not Citizen.objects.exists()
    assert "franceconnect" not in " ".join(person.client.session.keys())


def test_the_terms_wait_a_quarter_of_an_hour(person):
    person.arrives("solene")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        page = person.client.post(TERMS, {"terms": "on"}, follow=True)
    assert "aucun compte n’a été créé" in page.content.decode()
    assert not CitizenAccount.objects.exists()


def test_the_second_sign_in_opens_the_same_account(person, franceconnect):
    person.signs_in("solene")
    Person(Client()).signs_in("solene")
    assert CitizenAccount.objects.count() == 1


def test_a_birth_abroad_is_known_by_its_country(person):
    person.signs_in("abroad")
    assert Citizen.objects.get().birth_place == "99116"


def test_the_whole_identity_links_to_the_towns_record_and_overwrites_nothing(person):
    known = CitizenFactory(**SOLENE, usage_name="Le Bihan")
    person.signs_in("solene")
    assert CitizenAccount.objects.get().citizen == known
    known.refresh_from_db()
    assert known.family_name == "Trévidic"
    assert known.usage_name == "Le Bihan"
    assert known.email == "mairie@courriel.example"
    assert known.gender == ""
    assert not PossibleDuplicate.objects.exists()


@pytest.mark.parametrize(
    ("held", "reasons"),
    [
        ({"birth_date": None}, ["name"]),
        ({"given_name": "Solenn"}, ["family", "sound", "birth"]),
        (
            {"family_name": "Autre", "email": "solene@courriel.example"},
            ["given", "birth", "email"],
        ),
        ({"birth_place": "75056"}, ["name", "birth", "other_place"]),
        ({"birth_place": ""}, ["name", "birth"]),
        ({"gender": "male"}, ["name", "birth", "other_gender"]),
    ],
)
def test_anything_less_makes_a_new_record_and_a_possible_duplicate(person, held, reasons):
    known = CitizenFactory(**{**SOLENE, **held})
    person.signs_in("solene")
    account = CitizenAccount.objects.get()
    assert account.citizen != known
    pair = PossibleDuplicate.objects.get()
    assert (pair.citizen, pair.other) == (account.citizen, known)
    assert pair.reasons == reasons


def test_a_mother_of_the_same_name_and_address_is_no_duplicate(person):
    CitizenFactory(**{**SOLENE, "birth_date": date(1954, 3, 8), "email": "solene@courriel.example"})
    person.signs_in("solene")
    assert Citizen.objects.count() == 2
    assert not PossibleDuplicate.objects.exists()


def test_somebody_else_with_the_same_name_is_no_duplicate(person):
    CitizenFactory(**SOLENE)
    person.signs_in("homonyme")
    assert CitizenAccount.objects.get().citizen.birth_date == date(1990, 12, 1)
    assert not PossibleDuplicate.objects.exists()


def test_two_records_that_agree_link_to_neither(person):
    twice = [CitizenFactory(**SOLENE) for _ in range(2)]
    person.signs_in("solene")
    assert CitizenAccount.objects.get().citizen not in twice
    assert [pair.reasons for pair in PossibleDuplicate.objects.all()] == [["ambiguous"]] * 2


def test_a_record_with_an_account_is_not_taken_over(person):
    owner = make_account(**SOLENE)
    person.signs_in("solene")
    assert FederatedIdentity.objects.get().account != owner
    assert PossibleDuplicate.objects.get().reasons == ["account"]


def test_the_owner_adds_franceconnect_to_their_account(person):
    owner = make_account(**SOLENE)
    person.client.post("/compte/login/", {"login": owner.user.email, "password": PASSWORD})
    person.signs_in("solene")
    assert FederatedIdentity.objects.get().account == owner
    other = Person(Client())
    other.signs_in("solene")
    assert other.client.get("/compte/").status_code == 200
    assert CitizenAccount.objects.count() == 1


def test_nobody_adds_somebody_elses_identity(person):
    owner = make_account(family_name="Durand", given_name="Jeanne")
    person.client.post("/compte/login/", {"login": owner.user.email, "password": PASSWORD})
    page = person.signs_in("solene").content.decode()
    assert "n’est pas celle de votre dossier" in page
    assert not FederatedIdentity.objects.exists()


def test_signing_out_ends_both_sessions(person, franceconnect):
    person.signs_in("solene")
    answer = person.client.post("/compte/logout/")
    parts = urlsplit(answer.url)
    query = parse_qs(parts.query)
    assert answer.url.startswith(f"{franceconnect}/session/end")
    assert query["id_token_hint"]
    assert query["state"]
    assert query["post_logout_redirect_uri"][0].endswith("/compte/franceconnect/deconnecte/")
    assert person.client.get("/compte/").status_code == 302
    assert httpx.get(answer.url, timeout=60).status_code == 200  # the provider takes it


def test_the_policy_lets_the_sign_out_form_reach_the_provider():
    from massy_grc.env import origin_of

    assert origin_of("https://oidc.example/api/v2") == ["https://oidc.example"]
    assert origin_of("") == []


def test_the_proposed_address_is_confirmed_by_mail_before_it_counts(person):
    person.signs_in("solene")
    page = person.client.get("/compte/adresse/").content.decode()
    assert "solene@courriel.example" in page
    person.client.post("/compte/adresse/", {"email": "solene@courriel.example"})
    Client().post(link_in(last_mail("solene@courriel.example")))
    assert CitizenAccount.objects.get().user.email == "solene@courriel.example"


def test_without_password_one_proves_oneself_at_franceconnect(person):
    person.signs_in("solene")
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        answer = person.client.get("/compte/fermer/")
        assert answer.url == "/compte/franceconnect/?next=%2Fcompte%2Ffermer%2F"


def test_a_person_who_gives_up_comes_back_to_the_log_in_page(person):
    page = person.signs_in("nobody")
    assert page.redirect_chain[-1][0] == "/compte/login/"
    assert "FranceConnect n’a pas abouti" in page.content.decode()


def test_a_weaker_level_than_asked_is_refused(person):
    person.signs_in("weak")
    assert not CitizenAccount.objects.exists()


def test_a_return_works_once(person):
    back = person.goes_to_franceconnect("solene")
    person.client.get(back)
    person.client.post("/compte/logout/")
    person.client.get(back)
    assert person.client.get("/compte/").status_code == 302


def test_a_return_in_another_browser_is_refused(person):
    """Nobody signs a victim in to the attacker's account."""
    back = person.goes_to_franceconnect("solene")
    victim = Client()
    victim.get(back)
    victim.get(START)  # even when the victim has begun one
    victim.get(back)
    assert victim.get("/compte/").status_code == 302
    assert not CitizenAccount.objects.exists()


def test_a_late_return_is_refused(person):
    back = person.goes_to_franceconnect("solene")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        person.client.get(back)
    assert not CitizenAccount.objects.exists()


def test_franceconnect_away_leaves_the_other_way_in(client, settings):
    settings.FRANCECONNECT = {
        "issuer": "http://127.0.0.1:9",
        "client_id": "x",
        "client_secret": "x",
        "acr": "eidas1",
    }
    page = client.get(START, follow=True)
    assert page.status_code == 200
    assert "connectez-vous autrement" in page.content.decode()


def test_an_agent_has_no_business_there(client, login, eas_agent, franceconnect):
    assert login(client, eas_agent).get(START).status_code == 404
