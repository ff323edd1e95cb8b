"""The page behind a campaign's short address: what it says, what it counts, what it keeps (S64)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prestations.models import CampaignDay, Prestation
from tests.factories.campaigns import make_campaign

pytestmark = pytest.mark.django_db
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def campaign(catalogue):
    return make_campaign(
        code="bacs-jaunes",
        name="Trier, c’est simple",
        prestations=Prestation.objects.filter(pk="dechets-conteneur"),
    )


def visits() -> list[int]:
    return list(CampaignDay.objects.values_list("visits", flat=True))


def test_it_says_its_text_and_leads_to_its_prestations(campaign):
    html = Client(headers=PERSON).get("/c/bacs-jaunes/").content.decode()
    assert "Trier, c’est simple" in html
    assert reverse("prestations:detail", args=["dechets-conteneur"]) in html


def test_a_visit_counts_once_for_a_browser_and_names_nobody(campaign):
    for _visitor in range(2):
        browser = Client(headers=PERSON)
        for _visit in range(3):
            browser.get("/c/bacs-jaunes/")
    assert visits() == [2]
    assert {field.name for field in CampaignDay._meta.fields} == {
        *("id", "campaign", "day", "visits", "begun")
    }


def test_capitals_typed_from_a_poster_lead_there_too(campaign):
    assert Client(headers=PERSON).get("/c/Bacs-Jaunes/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {**PERSON, "Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_programs_and_what_is_fetched_ahead_are_not_counted(campaign, headers):
    browser = Client(headers=headers)
    assert browser.get("/c/bacs-jaunes/").status_code == 200
    assert visits() == []
    assert "massy_session" not in browser.cookies


def test_an_address_that_is_asked_for_by_head_is_not_counted(campaign):
    Client(headers=PERSON).head("/c/bacs-jaunes/")
    assert visits() == []


def test_an_ended_campaign_leads_to_the_catalogue(campaign):
    campaign.first_day = timezone.localdate() - timedelta(days=9)
    campaign.last_day = timezone.localdate() - timedelta(days=1)
    campaign.save()
    response = Client(headers=PERSON).get("/c/bacs-jaunes/")
    assert response.status_code == 410
    assert reverse("prestations:catalogue") in response.content.decode()
    assert "Trier, c’est simple" in response.content.decode()
    assert visits() == []


@pytest.mark.parametrize("code", ["inconnue", "bacs-verts"])
def test_an_unknown_or_coming_campaign_leads_to_the_catalogue_and_says_no_more(catalogue, code):
    make_campaign(code="bacs-verts", name="Bientôt", first_day=timedelta(days=3))
    response = Client(headers=PERSON).get(f"/c/{code}/")
    assert response.status_code == 404
    assert "Bientôt" not in response.content.decode()
    assert reverse("prestations:catalogue") in response.content.decode()


def test_an_announced_campaign_says_when_it_opens(catalogue):
    make_campaign(code="bacs-verts", name="Bientôt", first_day=timedelta(days=3), announced=True)
    response = Client(headers=PERSON).get("/c/bacs-verts/")
    assert response.status_code == 200
    assert "Bientôt" in response.content.decode()
    assert "Cette page ouvre le" in response.content.decode()
    assert visits() == []


def test_english_readers_get_the_english_words_else_french_marked_as_such(campaign):
    browser = Client(headers={**PERSON, "Accept-Language": "en"})
    page = browser.get("/c/bacs-jaunes/").content.decode()
    assert '<div lang="fr">' in page
    campaign.name_en, campaign.text_en = "Sorting is easy", "Ask for a bin."
    campaign.save()
    page = browser.get("/c/bacs-jaunes/").content.decode()
    assert "Sorting is easy" in page
    assert '<div lang="en">' in page


def test_search_engines_are_asked_to_leave_it_alone(client):
    assert "Disallow: /c/" in client.get("/robots.txt").content.decode()
