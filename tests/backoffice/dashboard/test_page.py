"""The dashboard page: who sees it, which days it counts, and what it says of an empty town."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures
from prestations.calendars import PARIS
from prestations.enums import Role
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import URL, WEB, file_one
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db


def test_two_dates_count_both_days_and_nothing_else(catalogue, manager):
    for hour, day in ((0, 3), (23, 3), (0, 5), (23, 5), (0, 6), (23, 2)):
        at = datetime(2026, 3, day, hour, 30, tzinfo=PARIS)
        file_one("acte-deces", at)
    response = client_of(manager, post=None).get(URL + "?periode=dates&du=2026-03-03&au=2026-03-05")
    filed = next(tile for tile in response.context["tiles"] if "du=2026-03-03" in tile.url)
    assert filed.value == "4"


@pytest.mark.parametrize(
    "dates", ["du=2026-03-05&au=2026-03-03", "du=x&au=", "du=2020-01-01&au=2026-01-01"]
)
def test_dates_that_make_no_period_are_told_and_30_days_shown(catalogue, manager, dates):
    response = client_of(manager, post=None).get(f"{URL}?periode=dates&{dates}")
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["period"].days == 30


@pytest.mark.parametrize("role", [Role.AGENT_EAS, Role.AGENT_EXPERT, Role.REGISSEUR])
def test_without_the_right_to_figures_the_page_is_forbidden(catalogue, role):
    place = {"department_id": "espaces-verts"} if role == Role.AGENT_EXPERT else {}
    user = make_agent(role, first_name="A", last_name="B", **place)
    assert client_of(user).get(URL).status_code == 403


def test_an_anonymous_visitor_is_sent_to_the_log_in_page(client, catalogue):
    response = client.get(URL)
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_an_empty_town_says_what_will_appear(catalogue, manager):
    html = client_of(manager, post=None).get(URL).content.decode()
    assert "Aucune demande sur cette période" in html


def test_the_number_of_queries_does_not_grow_with_the_requests(
    catalogue, manager, django_assert_max_num_queries
):
    client = client_of(manager, post=None)
    for days in range(3):
        file_one(WEB[days], timezone.now() - timedelta(days=days))
    rebuild_figures()
    with django_assert_max_num_queries(27):
        client.get(URL)
    for days in range(40):
        file_one(WEB[days % 4], timezone.now() - timedelta(days=days % 25))
    with django_assert_max_num_queries(27):
        client.get(URL)
