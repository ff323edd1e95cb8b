"""The public page of reports: what is there, what narrows it, and that nobody is in it."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from requests.enums import State
from tests.factories.places import make_register
from tests.requests.filing.support import text_of
from tests.requests.reports.support import LIGHT, ROADS, assert_nobody_in, report

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _register(catalogue):
    return make_register()


def titles(client, query=""):
    page = client.get(f"/signalements/{query}")
    assert page.status_code == 200
    return [one.title for one in page.context["reports"]]


def test_coordinates_and_street_are_kept_at_intake(catalogue):
    row = report(catalogue)
    assert (row.street_id, row.street_number) == ("91377_0123", "12")
    assert (row.latitude, row.longitude) == (pytest.approx(48.7312), 2.2785)


@pytest.mark.parametrize("page", ["/signalements/", "/signalements/points.json", "feed", "one"])
def test_nobody_is_in_public(client, catalogue, page):
    row = report(catalogue)
    url = {"feed": "/signalements/flux.atom", "one": f"/signalements/{row.pk}/"}.get(page, page)
    text = client.get(url).content.decode()
    assert "rue Jean Mermoz" in text
    assert_nobody_in(text)
    assert row.reference not in text
    assert row.tracking_code not in text


def test_only_chosen_prestations_are_public(client, catalogue):
    private = report(catalogue, "nuisances-voisinage")
    assert titles(client) == []
    assert client.get(f"/signalements/{private.pk}/").status_code == 404


@pytest.mark.parametrize("change", [{"state": State.ANNULEE}, {"outside_town": True}])
def test_cancelled_or_foreign_report_is_not_public(client, catalogue, change):
    row = report(catalogue, **change)
    assert titles(client) == []
    assert client.get(f"/signalements/{row.pk}/").status_code == 404


def test_place_that_the_register_does_not_know_is_not_public(client, catalogue):
    report(catalogue, voie="chez Monsieur Dupont")
    assert titles(client) == []


def test_filters_are_in_the_address(client, catalogue):
    report(catalogue)
    report(catalogue, LIGHT, voie="place des Arts", numero="1")
    report(catalogue, state=State.CLOSE, closed_at=timezone.now(), numero="3", days_ago=60)
    assert len(titles(client)) == 3
    assert len(titles(client, f"?sujet={LIGHT}")) == 1
    assert "n° 3" in titles(client, "?etat=termine")[0].replace("\u00a0", " ")
    assert len(titles(client, "?rue=place+des+arts")) == 1
    assert len(titles(client, "?periode=30")) == 2
    assert len(titles(client, "?sujet=inconnu&etat=x&periode=0")) == 3
    points = client.get("/signalements/points.json?rue=place+des+arts").json()["reports"]
    assert [one["state"] for one in points] == ["Signalé"]


@pytest.mark.parametrize(
    ("query", "unfolded"),
    [("", False), ("?periode=90", False), ("?periode=30", True), ("?rue=jean+mermoz", True)],
)
def test_filters_are_folded_on_a_telephone_until_one_is_set(client, catalogue, query, unfolded):
    page = text_of(client.get(f"/signalements/{query}"))
    assert ('<details class="report-fold" open>' in page) == unfolded


def test_experts_work_is_not_told_apart(client, catalogue):
    row = report(catalogue, state=State.ATTENTE_PIECES)
    assert "En cours de traitement" in text_of(client.get(f"/signalements/{row.pk}/"))


def test_pages_of_the_list_follow_each_other(client, catalogue):
    for hour in range(21):
        report(catalogue, days_ago=hour / 24)
    first = client.get("/signalements/?periode=30")
    second = client.get(f"/signalements/{first.context['page'].next_query}")
    seen = [one.pk for page in (first, second) for one in page.context["reports"]]
    assert len(seen) == len(set(seen)) == 21


def test_list_makes_the_same_number_of_queries_for_one_and_for_many(
    client, catalogue, django_assert_max_num_queries
):
    for rank in range(12):
        report(catalogue, days_ago=rank)
    client.get("/signalements/")
    with django_assert_max_num_queries(5):
        client.get("/signalements/")


def test_feed_is_atom_with_the_filters_of_the_list(client, catalogue):
    report(catalogue)
    report(catalogue, LIGHT)
    answer = client.get(f"/signalements/flux.atom?sujet={LIGHT}")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "max-age=300" in answer["Cache-Control"]
    entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    assert len(entries) == 1
    assert entries[0].find(f"{ATOM}updated").text


def test_report_tells_when_each_stage_began(client, catalogue, proximite_agent):
    from requests import actions

    row = report(catalogue)
    actions.take_request(request_id=row.pk, actor=proximite_agent, version=row.version)
    history = client.get(f"/signalements/{row.pk}/").context["history"]
    assert [str(stage.label) for stage, _at in history] == ["Signalé", "En cours de traitement"]


def test_old_reports_leave_the_list(client, catalogue):
    report(catalogue, days_ago=400)
    assert titles(client, "?periode=365") == []


@pytest.mark.parametrize("page", ["/signalements/", "/signalements/points.json"])
def test_periods_end_where_they_say(client, catalogue, page):
    row = report(catalogue, days_ago=29)
    assert row.arrived_at > timezone.now() - timedelta(days=30)
    assert str(row.pk) in client.get(f"{page}?periode=30").content.decode()


def test_home_leads_to_the_public_page(client):
    assert 'href="/signalements/"' in client.get("/").content.decode()
    assert ROADS in client.get("/signalements/").content.decode()


def test_plan_tells_its_marks_by_shape_in_a_legend(client, catalogue):
    legend = client.get("/signalements/").content.decode().partition("data-plan-legend")[2]
    legend = legend.partition("</ul>")[0]
    for kind, label in [("new", "Signalé"), ("progress", "En cours"), ("done", "Terminé")]:
        assert label in legend.partition(f"plan-report is-{kind}")[2].partition("</li>")[0]
