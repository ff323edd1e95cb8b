"""The dashboard page: who sees it, and each number against the list it opens (use bar 39)."""

import re
import uuid
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from prestations.calendars import PARIS
from prestations.enums import Role
from prestations.models import ClosingReason, Department
from requests import actions
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import MembershipFactory
from tests.factories.users import make_agent
from tests.requests.filed import documents_of

pytestmark = pytest.mark.django_db
URL = "/pilotage/"
WEB = (
    "acte-naissance-filiation",
    "voirie-graffitis",
    "acte-deces",
    "eclairage-equipement-defectueux",
)


class Links(HTMLParser):
    """The links into the queue with their words, and every number of the tables."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.cells: list[tuple[str, bool]] = []
        self.href = self.words = None
        self.cell = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "vue=pilotage" in attrs.get("href", ""):
            self.href, self.words = attrs["href"], ""
            if self.cell is not None:
                self.cell = (self.cell[0], True)
        if tag == "td":
            self.cell = ("", False)

    def handle_data(self, data):
        if self.href is not None:
            self.words += data
        if self.cell is not None:
            self.cell = (self.cell[0] + data, self.cell[1])

    def handle_endtag(self, tag):
        if tag == "a" and self.href is not None:
            self.found.append((self.href, self.words))
            self.href = None
        if tag == "td" and self.cell is not None:
            self.cells.append(self.cell)
            self.cell = None


def counts_and_lists(html: str) -> dict[str, set[int]]:
    """The counts that stand on links, by address; treatment times (« 3 j ») are no counts."""
    found: dict[str, set[int]] = {}
    for href, words in Links(html).found:
        number = re.search(r"([\d\s\u202f\u00a0]+)$", words.strip())
        if number:
            value = int(re.sub(r"\D", "", number[1]))
            found.setdefault(href, set()).add(value)
    return found


def list_length(client, url: str) -> int:
    """Walk the pages of a list as a reader would, and count its rows."""
    length = 0
    while url:
        response = client.get(url)
        assert response.status_code == 200
        page = response.context["page"]
        length += len(page.rows)
        url = reverse("backoffice:queue") + page.next_query if page.next_query else ""
    return length


def file_one(catalogue, code, at):
    prestation = catalogue[code]
    channels = [one for one in ("web", "guichet", "telephone") if one in prestation.channels]
    return actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel=channels[at.minute % len(channels)],
        answers={"demandeur": {}, "reponses": {}},
        idempotency_key=str(uuid.uuid4()),
        papers=documents_of(prestation),
        citizen=CitizenFactory(),
        now=at,
    )


@pytest.fixture
def a_season(catalogue, eas_agent, supervisor):
    """Seventy requests of the last 75 days in every situation; the rollups miss the last acts."""
    now = timezone.now()
    reason = ClosingReason.objects.get(pk="satisfaite")
    roads = Department.objects.get(pk="voirie-assainissement")
    for n in range(70):
        at = now - timedelta(days=75 - n, minutes=n)
        sr = file_one(catalogue, WEB[n % 4], at)
        common = {"request_id": sr.pk, "version": None, "actor": eas_agent}
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


def test_two_dates_count_both_days_and_nothing_else(catalogue, manager):
    for hour, day in ((0, 3), (23, 3), (0, 5), (23, 5), (0, 6), (23, 2)):
        at = datetime(2026, 3, day, hour, 30, tzinfo=PARIS)
        file_one(catalogue, "acte-deces", at)
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
        file_one(catalogue, WEB[days], timezone.now() - timedelta(days=days))
    rebuild_figures()
    with django_assert_max_num_queries(25):
        client.get(URL)
    for days in range(40):
        file_one(catalogue, WEB[days % 4], timezone.now() - timedelta(days=days % 25))
    with django_assert_max_num_queries(25):
        client.get(URL)
