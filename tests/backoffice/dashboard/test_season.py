"""The dashboard over a season: each number against the list it opens (use bar 39)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from prestations.enums import Role
from prestations.models import ClosingReason, Department
from requests import actions
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import (
    URL,
    WEB,
    Links,
    counts_and_lists,
    file_one,
    list_length,
)
from tests.factories.prestations import MembershipFactory
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def a_season(rows_of_the_module):
    """Seventy requests of the last 75 days in every situation; the rollups miss the last acts."""
    now = timezone.now()
    agent = make_agent(Role.AGENT_EAS, first_name="Nadia", last_name="Petit")
    supervisor = make_agent(Role.SUPERVISEUR, first_name="Irène", last_name="Lopez")
    reason = ClosingReason.objects.get(pk="satisfaite")
    roads = Department.objects.get(pk="voirie-assainissement")
    for n in range(70):
        at = now - timedelta(days=75 - n, minutes=n)
        sr = file_one(WEB[n % 4], at)
        common = {"request_id": sr.pk, "version": None, "actor": agent}
        actions.take_request(**common, now=at + timedelta(hours=1))
        if n % 4 == 1 or n % 7 == 3:
            actions.transfer_request(**common, department=roads, now=at + timedelta(hours=2))
            if n % 3:
                continue
            actions.return_request(**common, note="Pas nous", now=at + timedelta(hours=9))
        if n % 5 == 2:
            actions.ask_question(**common, body="Où ?", now=at + timedelta(hours=10))
            if n % 2:
                continue
            actions.supply(request_id=sr.pk, body="Là", now=at + timedelta(days=2))
        if n % 11 == 7:
            actions.cancel_request(
                **common | {"actor": supervisor}, reason="Doublon", now=at + timedelta(days=3)
            )
            continue
        end = at + timedelta(days=(n * 7) % 23, hours=12)
        if end < now and n % 6:
            actions.close_request(**common, closing_reason=reason, now=end)
            if n % 9 == 4 and end + timedelta(days=2) < now:
                actions.reopen_request(**common | {"reason": "Encore"}, now=end + timedelta(days=2))
        if n == 50:
            rebuild_figures()
    connection.check_constraints()  # once, not behind each test
    return now


@pytest.mark.parametrize(
    ("person", "query"),
    [
        ("manager", ""),
        ("manager", "?periode=90j"),
        ("manager", "?periode=12m&equipe=proximite"),
        ("manager", "?periode=90j&departement=aucun"),
        ("head", "?periode=90j"),
        ("supervisor", "?periode=90j&departement=voirie-assainissement"),
    ],
)
def test_every_number_opens_a_list_of_that_length(request, a_season, person, query):
    client = client_of(request.getfixturevalue(person))
    html = client.get(URL + query).content.decode()
    found = counts_and_lists(html)
    assert len(found) > 10
    for address, counts in found.items():
        assert counts == {list_length(client, address)}, address


def test_every_chart_has_its_numbers_in_a_table(a_season, manager):
    html = client_of(manager).get(URL + "?periode=90j").content.decode()
    charts = re.findall(r'<section class="card-ui dashboard-chart">.*?</section>', html, re.S)
    assert len(charts) >= 4
    for chart in charts:
        drawing, table = chart.split('<details class="chart-table">')
        title = re.search(r"<title[^>]*>(.*?)</title>", drawing)[1]
        assert f">{title}</caption>" in table
        drawn = re.findall(r'<text class="chart-value"[^>]*>(.*?)</text>', drawing)
        cells = [re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<td.*?</td>", table, re.S)]
        assert drawn or "Aucune donnée" in drawing, title
        for number in drawn:  # a delay is drawn to a tenth of a day, and written in whole days
            value = round(float(re.match(r"[\d,]+", number)[0].replace(",", ".")))
            assert any(re.search(rf"\b{value}\b", cell) for cell in cells), (title, number)


def test_the_list_behind_a_number_leads_back_to_the_same_period(a_season, manager):
    browser = client_of(manager)
    here = f"{reverse('backoffice:dashboard')}?periode=90j"
    tile = next(tile for tile in browser.get(here).context["tiles"] if tile.url)
    assert f'class="back-link" href="{here}"' in browser.get(tile.url).content.decode()


def test_no_count_but_zero_goes_without_a_list(a_season, manager):
    html = client_of(manager, post=None).get(URL + "?periode=90j").content.decode()
    for words, linked in Links(html).cells:
        assert linked or words.strip() == "0" or re.search(r"\d\D*[a-z%]|–", words), words


def test_numbers_stay_true_before_and_after_the_roll_up(a_season, manager):
    client = client_of(manager, post=None)
    before = counts_and_lists(client.get(URL + "?periode=90j").content.decode())
    roll_up_figures()
    after = counts_and_lists(client.get(URL + "?periode=90j").content.decode())
    assert after == before


def test_a_manager_reads_no_name_and_no_subject_behind_a_number(a_season, manager):
    client = client_of(manager, post=None)
    address = next(iter(counts_and_lists(client.get(URL).content.decode())))
    html = client.get(address).content.decode()
    assert client.get(address).context["page"].rows
    for sr in ServiceRequest.objects.all():
        assert sr.requester_name
        assert sr.requester_name not in html
        assert sr.reference not in html


def test_a_manager_who_heads_a_department_counts_the_town_without_names(a_season, head):
    MembershipFactory(user=head, role=Role.MANAGER)
    client = client_of(head, post=None)
    found = counts_and_lists(client.get(URL + "?periode=90j").content.decode())
    address, counts = next((a, c) for a, c in found.items() if "du=" in a and "prest" not in a)
    assert counts == {list_length(client, address)}
    assert "Jeanne" not in client.get(address).content.decode()


def test_a_head_of_department_sees_that_department_only(a_season, head):
    response = client_of(head, post=None).get(URL + "?periode=90j")
    roads = ServiceRequest.objects.filter(department="voirie-assainissement")
    filed = response.context["tiles"][2].value
    assert filed == str(roads.count())
    assert "Voirie" in response.context["place"]
