"""What was filed without the account enters the space once its owner proves it is theirs."""

import re

import pytest
from django.test import Client

from massy_grc.outbox.models import Delivery
from requests.models import RequestEvent, ServiceRequest
from tests.factories.citizens import make_account
from tests.requests.filed import file_request
from tests.requests.filing.support import text_of

pytestmark = pytest.mark.django_db

POTHOLE = "voirie-intervention-rapide"
ADD = "/compte/demandes/ajouter/"


def earlier(email="aicha@courriel.example"):
    return file_request(POTHOLE, requester={"email": email})


def mailed_link() -> str:
    return re.search(r"/compte/demandes/ajouter/\S+", Delivery.objects.get().body)[0]


def followed(filed) -> bool:
    filed.refresh_from_db()
    return filed.account is not None


def test_the_mailed_link_shows_what_carries_the_address_and_adds_it(mine, account):
    filed = earlier()
    assert filed.reference not in text_of(mine.get(ADD))
    mine.post(f"{ADD}lien/")
    assert Delivery.objects.get().to == account.user.email
    assert filed.reference in text_of(mine.get(mailed_link()))
    assert not followed(filed)

    mine.post(mailed_link(), {"demande": [filed.reference]})

    assert followed(filed)
    assert filed.reference in text_of(mine.get("/compte/demandes/"))
    event = RequestEvent.objects.get(request=filed, verb="adopt")
    assert (event.by_requester, event.data) == (True, {"account": account.pk})


def test_what_is_not_ticked_or_not_theirs_stays_out(mine):
    filed, other = earlier(), earlier("autre@courriel.example")
    mine.post(f"{ADD}lien/")
    mine.post(mailed_link(), {"demande": [other.reference]})
    assert not followed(filed)
    assert not followed(other)


def test_the_link_serves_in_its_own_space_only(mine, stranger):
    filed = earlier()
    mine.post(f"{ADD}lien/")
    link = mailed_link()
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, {"demande": [filed.reference]}).status_code == 410
    assert mine.get(f"{ADD}forged/").status_code == 410
    assert Client().get(link).status_code == 302
    assert not followed(filed)


def test_the_home_of_the_space_leads_there_and_says_when_there_is_something(mine):
    home = text_of(mine.get("/compte/"))
    assert f'href="{ADD}"' in home
    assert "Vos demandes d’avant ce compte" not in home
    filed = earlier()
    home = text_of(mine.get("/compte/"))
    assert "Vos demandes d’avant ce compte" in home
    assert filed.reference not in home
    assert "Ajouter une demande" in text_of(mine.get(ADD))


def test_an_unconfirmed_address_proves_nothing(mine, account):
    earlier()
    account.user.emailaddress_set.update(verified=False)
    mine.post(f"{ADD}lien/")
    assert not Delivery.objects.exists()


def test_nobody_floods_a_mailbox(mine):
    earlier()
    answers = [mine.post(f"{ADD}lien/").status_code for _turn in range(4)]
    assert answers == [200, 200, 200, 429]


def test_number_and_code_add_a_request_of_another_address(mine):
    filed = earlier("autre@courriel.example")
    mine.post(ADD, {"reference": filed.reference, "secret": filed.tracking_code})
    assert followed(filed)


def test_an_address_is_no_code(mine):
    filed = earlier("autre@courriel.example")
    page = mine.post(ADD, {"reference": filed.reference, "secret": "autre@courriel.example"})
    assert "ne vont pas ensemble" in text_of(page)
    assert not followed(filed)


def test_a_wrong_code_and_an_unknown_number_answer_alike(mine):
    filed = earlier("autre@courriel.example")
    wrong = mine.post(ADD, {"reference": filed.reference, "secret": "00000000"})
    ServiceRequest.objects.filter(pk=filed.pk).update(reference="2026-999999-9")
    unknown = mine.post(ADD, {"reference": filed.reference, "secret": "00000000"})
    assert text_of(wrong).count("ne vont pas") == text_of(unknown).count("ne vont pas") > 0


def test_what_stands_in_another_space_stays_there(mine, stranger, login):
    owner = make_account(family_name="Première")
    filed = file_request(POTHOLE, account=owner)
    page = mine.post(ADD, {"reference": filed.reference, "secret": filed.tracking_code})
    assert "déjà suivie dans un autre espace" in text_of(page)
    filed.refresh_from_db()
    assert filed.account == owner
