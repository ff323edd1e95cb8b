"""Campaigns: written by an administrator, printed, and what they changed (S64, S49)."""

import uuid
from datetime import date, datetime, time, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from massy_grc.audit.models import AccessRecord
from prestations.actions import count_campaign
from prestations.calendars import PARIS
from prestations.models import Campaign, Prestation
from requests import actions
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import list_length
from tests.factories.campaigns import make_campaign
from tests.factories.citizens import CitizenFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 17)
FIRST, LAST = date(2026, 5, 4), date(2026, 5, 17)  # two weeks, a month ago
WRITTEN = {
    "name": "Trier, c’est simple",
    "code": "Bacs-Jaunes",
    "text": "Demandez votre bac.",
    "name_en": "",
    "text_en": "",
    "first_day": "2026-05-04",
    "last_day": "2026-05-17",
    "channels": ["poster", "magazine"],
    "prestations": ["dechets-conteneur"],
    "articles": [],
    "departments": ["gestion-dechets", "communication"],
    "teams": ["eas"],
}


@pytest.fixture
def browser(administrator) -> Client:
    return client_of(administrator, post=None)


def file_on(catalogue, code: str, day: date, number: int = 1, **fields) -> None:
    prestation = catalogue[code]
    for _one in range(number):
        actions.intake(
            prestation=prestation,
            form_version=prestation.current_form,
            channel="web",
            answers={"demandeur": {}, "reponses": {}},
            idempotency_key=str(uuid.uuid4()),
            citizen=CitizenFactory(),
            now=datetime.combine(day, time(11), tzinfo=PARIS),
            **fields,
        )


def test_three_owners_share_one_campaign_and_the_log_says_who_wrote_it(browser, administrator):
    browser.post(reverse("backoffice:campaign_new"), WRITTEN)
    campaign = Campaign.objects.get(code="bacs-jaunes")
    assert {one.pk for one in campaign.departments.all()} == {"gestion-dechets", "communication"}
    assert [one.pk for one in campaign.teams.all()] == ["eas"]
    page = browser.get(reverse("backoffice:campaign", args=[campaign.pk])).content.decode()
    assert "Communication, Gestion des déchets, Espace Accueil Services" in page
    record = AccessRecord.objects.get(object_type="campaign", object_id=campaign.pk)
    assert (record.action, record.user) == ("campaign:make", administrator)


def test_the_code_in_print_stays_when_the_rest_changes(browser):
    browser.post(reverse("backoffice:campaign_new"), WRITTEN)
    campaign = Campaign.objects.get()
    address = reverse("backoffice:campaign_edit", args=[campaign.pk])
    values = WRITTEN | {"seen": browser.get(address).context["seen"].value, "code": "autre"}
    browser.post(address, values | {"name": "Triez"})
    refused = browser.post(address, values | {"name": "Jetez"}).content.decode()
    assert "Quelqu’un d’autre l’a modifié entre-temps." in refused
    campaign.refresh_from_db()
    assert (campaign.name, campaign.code) == ("Triez", "bacs-jaunes")
    assert AccessRecord.objects.filter(action="campaign:change").count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_day", {"last_day": "2026-05-01"}),
        ("prestations", {"prestations": []}),
        ("channels", {"channels": []}),
        ("code", {"code": "deux mots"}),
        ("code", {"code": "PRISE"}),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(browser, field, wrong):
    make_campaign(code="prise")
    response = browser.post(reverse("backoffice:campaign_new"), WRITTEN | wrong)
    assert list(response.context["form"].errors) == [field]
    assert Campaign.objects.count() == 1


def test_the_code_for_posters_is_an_svg_of_the_public_address(browser, settings):
    settings.PUBLIC_URL = "https://grc.example.org"
    campaign = make_campaign(code="bacs-jaunes")
    response = browser.get(reverse("backoffice:campaign_qr", args=[campaign.pk]))
    assert response["Content-Type"] == "image/svg+xml"
    assert ElementTree.parse(StringIO(response.content.decode())).getroot().tag.endswith("svg")
    page = browser.get(reverse("backoffice:campaign_print", args=[campaign.pk])).content.decode()
    assert "https://grc.example.org/c/bacs-jaunes/" in page


def test_demand_is_told_before_during_and_after_beside_the_year_before(
    catalogue, browser, time_machine
):
    time_machine.move_to(datetime.combine(TODAY, time(12), tzinfo=PARIS))
    codes = ["dechets-conteneur", "dechets-bons-deversement"]
    campaign = make_campaign(
        code="bacs",
        first_day=FIRST,
        last_day=LAST,
        prestations=Prestation.objects.filter(pk__in=codes),
    )
    file_on(catalogue, codes[0], FIRST - timedelta(weeks=53))
    file_on(catalogue, codes[0], FIRST - timedelta(weeks=52), 4)
    file_on(catalogue, codes[0], FIRST - timedelta(days=1), 20)
    file_on(catalogue, codes[0], FIRST, 15, campaign=campaign)
    file_on(catalogue, codes[0], LAST, 15)
    file_on(catalogue, codes[0], LAST + timedelta(days=1), 10)
    file_on(catalogue, codes[1], LAST, 2)
    told = browser.get(reverse("backoffice:campaign", args=[campaign.pk])).context["told"]
    effects = {str(prestation.pk): effect for prestation, effect in told.by_prestation}
    assert effects[codes[0]].cells == ["10", "15", "5", "2"]
    assert effects[codes[0]].words == "50\u00a0% de plus que juste avant"
    assert effects[codes[1]].cells == ["0", "1", "0", "0"]
    assert effects[codes[1]].words == "Trop peu de demandes pour comparer"
    assert (told.filed.value, list_length(browser, told.filed.url)) == (15, 15)


def test_days_before_the_first_request_on_record_are_not_taken_for_no_demand(
    catalogue, browser, time_machine
):
    time_machine.move_to(datetime.combine(TODAY, time(12), tzinfo=PARIS))
    campaign = make_campaign(
        first_day=FIRST, last_day=LAST, prestations=Prestation.objects.filter(pk="acte-deces")
    )
    file_on(catalogue, "acte-deces", FIRST, 3)
    told = browser.get(reverse("backoffice:campaign", args=[campaign.pk])).context["told"]
    assert told.effect.cells == ["–", "1,5", "0", "–"]
    assert told.effect.words == "Pas encore de comparaison"


def test_the_dashboard_tells_the_campaigns_of_its_period_with_their_lists(
    catalogue, manager, time_machine
):
    time_machine.move_to(datetime.combine(TODAY, time(12), tzinfo=PARIS))
    campaign = make_campaign(code="bacs", name="Trier", first_day=FIRST, last_day=LAST)
    make_campaign(
        code="passee", name="Passée", first_day=date(2025, 5, 4), last_day=date(2025, 5, 9)
    )
    count_campaign(campaign_id=campaign.pk, visits=7, begun=2, today=FIRST)
    file_on(catalogue, "acte-deces", FIRST, 2, campaign=campaign)
    browser = client_of(manager, post=None)
    response = browser.get("/pilotage/?periode=90j")
    [told] = response.context["campaigns"]
    assert (told.campaign, told.visits, told.begun, told.filed.value) == (campaign, 7, 2, 2)
    assert list_length(browser, told.filed.url) == 2
    assert reverse("backoffice:campaign", args=[campaign.pk]) not in response.content.decode()


def test_ten_campaigns_cost_as_many_queries_as_one(
    catalogue, manager, django_assert_num_queries, django_assert_max_num_queries
):
    browser = client_of(manager, post=None)
    pointed = {"prestations": Prestation.objects.filter(pk="acte-deces")}
    make_campaign(code="une", **pointed)
    file_on(catalogue, "acte-deces", timezone.localdate() - timedelta(days=1))
    browser.get("/pilotage/")  # what a process reads once
    with django_assert_max_num_queries(30) as first:
        browser.get("/pilotage/")
    for number in range(9):
        make_campaign(code=f"autre-{number}", **pointed)
    with django_assert_num_queries(len(first)):
        browser.get("/pilotage/")


def test_a_newsletter_may_announce_it(browser, settings):
    settings.PUBLIC_URL = "https://grc.example.org"
    make_campaign(code="bacs", name="Trier", text="Demandez votre bac.")
    response = browser.get(reverse("backoffice:issue_new") + "?campagne=bacs")
    assert response.context["form"].initial == {
        "subject": "Trier",
        "body": "Demandez votre bac.\n\nhttps://grc.example.org/c/bacs/",
    }
