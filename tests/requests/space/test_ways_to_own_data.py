"""The person's own data are one click away from wherever their space speaks of them."""

import pytest

from requests.models import FilingDraft
from tests.requests.filing.support import check_url, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/compte/", "/compte/informations/", "/compte/donnees/"])
def test_the_menu_of_the_space_leads_to_it(mine, page):
    text = text_of(mine.get(page))
    current = ' aria-current="page"' if page == "/compte/donnees/" else ""
    assert f'<a href="/compte/donnees/"{current}>Mes données</a>' in text
    assert "Menu de mon espace" in text


def test_where_a_right_is_spoken_of_it_is_begun(mine):
    details = text_of(mine.get("/compte/informations/"))
    assert '<a href="/compte/donnees/#droits">Demandez la correction</a>' in details
    close = text_of(mine.get("/compte/fermer/"))
    assert '<a href="/compte/donnees/#droits">faites-en la demande</a>' in close


def test_the_data_page_says_how_each_consent_stands(mine):
    assert "Vous ne recevez aucune lettre." in mine.get("/compte/donnees/").text


def test_the_details_lead_to_how_the_town_writes(mine):
    page = mine.get("/compte/informations/").text
    assert "Comment nous vous écrivons</h2>\n  <p>Par courriel" in page
    assert '<a href="/compte/preferences/">vos préférences</a>' in page


@pytest.mark.parametrize("email", ["owner@courriel.example", None])
def test_an_account_with_a_proven_address_needs_no_postal_one_for_a_right(mine, account, email):
    account.user.email = email
    account.user.save()
    account.citizen.address = ""
    account.citizen.save()
    mine.post("/compte/donnees/droits/effacement/")
    check = text_of(mine.get(check_url(FilingDraft.objects.get())))
    assert ("Renseignez « Adresse postale »" in check) is (email is None)
