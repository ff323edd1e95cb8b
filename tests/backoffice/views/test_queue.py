"""The queue: who sees which rows, how many queries, filters, keyset pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice import queues
from backoffice.views import queue as queue_view
from prestations.enums import SilenceEffect
from requests.enums import AlertKind, State
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request

URL = "/agent/demandes/"
VOIRIE = "voirie-assainissement"

pytestmark = pytest.mark.django_db


def references(response) -> list[str]:
    return [row.reference for row in response.context["page"].rows]


def test_shows_the_ten_columns_of_the_seed(front):
    make_request()
    response = front.get(URL, {"vue": "toutes"})
    choice, *headers = [str(column.header) for column in response.context["table"].columns]
    assert choice == "Choix"
    assert headers == [
        "Canal",
        "Source",
        "État",
        "Chargé de dossier",
        "Sujet",
        "Date",
        "Échéance",
        "Service",
        "Téléprocédure",
        "Action",
    ]


def test_makes_the_same_number_of_queries_for_one_row_and_for_many(front):
    prestation = PrestationFactory()
    make_request(prestation=prestation)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert front.get(URL, {"vue": "toutes"}).status_code == 200
        return len(captured)

    queries()
    for_one = queries()
    for _ in range(20):
        make_request(prestation=prestation, citizen=CitizenFactory())
    assert queries() == for_one


def test_expert_sees_only_the_requests_of_the_department(expert_browser):
    theirs = make_request(department_id=VOIRIE, state=State.TRANSMISE)
    make_request()
    assert references(expert_browser.get(URL, {"vue": "toutes"})) == [theirs.reference]


def test_manager_sees_neither_requester_nor_subject(manager):
    make_request(subject="Le trou de la rue Mermoz", citizen=CitizenFactory(family_name="Secretan"))
    response = client_of(manager).get(URL, {"vue": "toutes"})
    page = response.content.decode()
    assert len(references(response)) == 1
    assert "SECRETAN" not in page.upper()
    assert "Mermoz" not in page
    assert reverse("backoffice:request", args=references(response)) not in page


def test_manager_cannot_search_by_name(manager):
    make_request(citizen=CitizenFactory(family_name="Secretan"))
    make_request()
    response = client_of(manager).get(URL, {"vue": "toutes", "q": "secretan"})
    assert len(references(response)) == 2


def test_filters_by_several_states(front):
    wanted = {
        make_request(state=State.A_REPONDRE).reference,
        make_request(state=State.EN_COURS).reference,
    }
    make_request(state=State.CLOSE)
    response = front.get(URL, {"vue": "toutes", "etat": ["a-repondre", "en-cours"]})
    assert set(references(response)) == wanted


def test_each_chip_takes_its_own_filter_off(front):
    make_request()
    response = front.get(URL, {"vue": "toutes", "etat": ["a-repondre", "en-cours"], "urgent": "on"})
    urls = {str(chip["value"]): chip["remove_url"] for chip in response.context["chips"]}
    assert urls["En cours de traitement"] == "?vue=toutes&etat=a-repondre&urgent=on"
    assert urls[""] == "?vue=toutes&etat=a-repondre&etat=en-cours"


@pytest.mark.parametrize("typed", ["mermoz", "MERMÔZ", "nid mer", "Nid-de-poule"])
def test_finds_by_the_beginning_of_words_without_accents(front, typed):
    found = make_request(subject="Nid-de-poule", place="rue Jean Mermoz")
    make_request(subject="Lampadaire", place="rue de Paris")
    assert references(front.get(URL, {"vue": "toutes", "q": typed})) == [found.reference]


def test_finds_by_reference(front):
    found = make_request()
    make_request()
    assert references(front.get(URL, {"vue": "toutes", "q": found.reference})) == [found.reference]


@pytest.mark.parametrize("typed", ["'", "& | !", "a:*b", "%", "\\", "é", "(("])
def test_odd_text_in_the_search_box_is_no_error(front, typed):
    make_request()
    assert front.get(URL, {"vue": "toutes", "q": typed}).status_code == 200


def test_late_view_holds_only_what_is_past_due_with_the_clock_running(front):
    past = timezone.now() - timedelta(days=2)
    late = make_request(due_at=past, state=State.EN_COURS)
    make_request(due_at=past, state=State.ATTENTE_PIECES, paused_at=past)
    make_request(due_at=past, state=State.CLOSE)
    response = front.get(URL, {"vue": "en-retard"})
    assert references(response) == [late.reference]
    page = response.content.decode()
    assert "Retard 2 j" in page
    assert f"{timezone.localtime(past):%d/%m}" in page


@pytest.mark.parametrize(("view", "told"), [("pilotage", "3 demandes"), ("toutes", "Plus de 2")])
def test_a_list_states_its_length_exactly_behind_a_figure(supervisor, monkeypatch, view, told):
    monkeypatch.setattr(queues, "LENGTH_CAP", 2)
    monkeypatch.setattr(queue_view, "PAGE_SIZE", 1)
    for _ in range(3):
        make_request()
    assert told in client_of(supervisor).get(URL, {"vue": view}).content.decode()


def test_a_subject_that_is_its_prestation_is_written_once(front):
    prestation = PrestationFactory(label="Nid-de-poule à combler")
    make_request(prestation=prestation, subject=prestation.label)
    page = front.get(URL, {"vue": "toutes"}).content.decode()
    assert page.count(f">{prestation.label}<") == 1
    page = front.get(URL, {"vue": "toutes", "tri": "teleprocedure"}).content.decode()
    assert page.count(f">{prestation.label}<") == 2  # by which the list is ordered


def test_a_row_opens_its_request_by_its_subject(front):
    sr = make_request(subject="Nid-de-poule")
    page = front.get(URL, {"vue": "toutes"}).content.decode()
    link = page.partition('<a class="row-link"')[2].partition("</a>")[0]
    assert f'href="{sr.get_absolute_url()}?liste=' in link
    assert "Nid-de-poule" in link
    assert sr.reference in link


def test_filters_seldom_asked_are_folded_until_one_is_in_use(front):
    folded, unfolded = '<details class="filter-more">', '<details class="filter-more" open>'
    assert folded in front.get(URL, {"filtrer": "oui"}).content.decode()
    page = front.get(URL, {"filtrer": "oui", "delai": "tenu"}).content.decode()
    assert unfolded in page
    assert page.index('name="charge"') < page.index(unfolded) < page.index('name="site"')


def test_what_silence_would_decide_is_told(front):
    sr = make_request(silence_effect=SilenceEffect.REJET)
    sr.alerts.create(kind=AlertKind.IMPLICIT_DECISION, about="x", raised_at=timezone.now())
    assert "Silence vaut refus" in front.get(URL, {"vue": "toutes"}).content.decode()


def counts(client, view="ouvertes") -> dict[str, str]:
    beside = client.get(URL, {"vue": view}).context["views"]
    return {view["url"].partition("=")[2]: view["count"] for view in beside}


def test_counts_are_kept_for_seconds_but_of_the_list_shown_and_behind_what_one_does(
    front, supervisor, monkeypatch
):
    monkeypatch.setattr("backoffice.rail.KEPT_SECONDS", 10)
    assert (counts(front)["ouvertes"], counts(front)["a-repondre"]) == ("0", "0")
    sr = make_request()
    make_request(state=State.A_REPONDRE)
    assert (counts(front)["ouvertes"], counts(front)["a-repondre"]) == ("2", "0")
    assert counts(front, "a-repondre")["a-repondre"] == "1"
    assert counts(client_of(supervisor))["a-repondre"] == "1"  # each person's own
    assert front.post(url(sr, "take"), {"version": sr.version}).status_code == 302
    assert counts(front)["a-repondre"] == "1"


def test_counts_of_the_rail_are_those_of_the_lists(front, eas_agent):
    make_request(state=State.A_REPONDRE)
    make_request(state=State.EN_COURS, assignee=eas_agent)
    response = front.get(URL)
    counts = {view["url"].partition("=")[2]: view["count"] for view in response.context["views"]}
    assert counts["a-repondre"] == "1"
    assert counts["mes-demandes"] == "1"
    assert counts["ouvertes"] == "2"


def test_dates_filter_whole_days_in_paris(front):
    today = timezone.localdate()
    make_request(days_ago=3)
    recent = make_request()
    response = front.get(URL, {"vue": "toutes", "du": today.isoformat(), "au": today.isoformat()})
    assert references(response) == [recent.reference]


def test_unreadable_position_gives_the_first_page(front):
    make_request()
    for mark in ("x", "2026-01-01~9", "2026-01-01T00:00:00+00:00~-1", "~~", f"~{9**40}"):
        assert len(references(front.get(URL, {"vue": "toutes", "apres": mark}))) == 1


def test_filters_agree_with_what_they_filter(front):
    page = front.get(URL, {"vue": "toutes", "filtrer": "oui"}).content.decode()
    for name, word in [("equipe", "Toutes"), ("prestation", "Toutes"), ("site", "Tous")]:
        select = page.partition(f'<select name="{name}"')[2].partition("</option>")[0]
        assert select.endswith(f">{word}")
    assert "(facultatif)" not in page
