"""A form begun after a campaign's page was opened bears its code; nothing else does (S64)."""

import pytest
from django.test import Client

from prestations.models import CampaignDay
from requests.models import RequestEvent
from tests.factories.answers import valid_answers
from tests.factories.campaigns import make_campaign
from tests.requests.filing.support import begin, check_url, file_valid, fill, only_request

pytestmark = pytest.mark.django_db
CODE = "voirie-graffitis"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def campaign(catalogue):
    return make_campaign(code="rue-propre")


def counts() -> tuple[int, int]:
    day = CampaignDay.objects.get()
    return day.visits, day.begun


def test_what_is_begun_and_filed_after_the_visit_is_the_campaign_s(campaign):
    browser = Client(headers=PERSON)
    browser.get("/c/rue-propre/")
    file_valid(browser, CODE)
    assert counts() == (1, 1)
    request = only_request()
    assert request.campaign == campaign
    assert RequestEvent.objects.get(request=request, number=1).data["campaign"] == "rue-propre"


def test_it_is_still_so_when_the_campaign_ends_while_the_form_is_filled_in(campaign):
    browser = Client(headers=PERSON)
    browser.get("/c/rue-propre/")
    draft = begin(browser, CODE)
    campaign.first_day = campaign.last_day = campaign.first_day
    campaign.save()
    fill(browser, draft, *valid_answers(draft.form_version, "web"))
    browser.post(check_url(draft))
    assert only_request().campaign == campaign


def test_a_form_begun_before_the_visit_is_not(campaign):
    browser = Client(headers=PERSON)
    draft = begin(browser, CODE)
    browser.get("/c/rue-propre/")
    fill(browser, draft, *valid_answers(draft.form_version, "web"))
    browser.post(check_url(draft))
    assert only_request().campaign is None
    assert counts() == (1, 0)


def test_another_browser_is_not(campaign):
    Client(headers=PERSON).get("/c/rue-propre/")
    file_valid(Client(headers=PERSON), CODE)
    request = only_request()
    assert request.campaign is None
    assert "campaign" not in RequestEvent.objects.get(request=request, number=1).data
