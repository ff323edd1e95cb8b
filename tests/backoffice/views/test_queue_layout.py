"""The layout of lists: columns, groups and order, in the address and with saved views (S37)."""

from datetime import timedelta
from html import unescape
from itertools import groupby

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice import queue_layout
from backoffice.queue_layout import COLUMNS, GROUPS
from backoffice.saved_views import kept_query
from backoffice.tables.queue import QueueTable
from backoffice.views import queue as queue_view
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request

URL, NEW = "/agent/demandes/", "/agent/demandes/vues/nouvelle/"
VOIRIE = "voirie-assainissement"

pytestmark = pytest.mark.django_db


def headers(response) -> list[str]:
    columns = response.context["table"].columns
    return [str(column.header) for column in columns if column.name != "choice"]


def headings(response) -> list[str]:
    """Each group's heading with its length, as read."""
    parts = response.content.decode().split('<tr class="table-group"><th scope="colgroup"')[1:]
    return [unescape(strip_tags(part.partition(">")[2].partition("</th>")[0])) for part in parts]


def test_the_columns_of_the_layout_are_those_of_the_table():
    names = [name for name, _label in COLUMNS.values()]
    assert ["choice", *names] == list(QueueTable.base_columns)


def test_columns_are_chosen_and_the_subject_stays(front):
    make_request(subject="Nid-de-poule", department_id=VOIRIE, state=State.TRANSMISE)
    response = front.get(URL, {"vue": "toutes", "colonne": ["departement", "echeance", "x"]})
    assert headers(response) == ["Sujet", "Échéance", "Service responsable"]
    page = response.content.decode()
    assert "Voirie" in page
    assert "Nid-de-poule" in page


def test_a_column_nobody_knows_leaves_the_ten(front):
    make_request()
    assert len(headers(front.get(URL, {"vue": "toutes", "colonne": "x"}))) == 10


def test_every_column_is_shown_for_every_kind_of_row(front, eas_agent):
    now = timezone.now()
    make_request(
        department_id=VOIRIE,
        state=State.TRANSMISE,
        assignee=eas_agent,
        department_due_at=now + timedelta(days=400),
    )
    make_request(state=State.CLOSE, closed_at=now)
    response = front.get(URL, {"vue": "toutes", "colonne": [*COLUMNS]})
    assert len(headers(response)) == len(COLUMNS)
    page = response.content.decode()
    assert f"{timezone.localtime(now + timedelta(days=400)):%d/%m/%y}" in page
    assert f">{timezone.localtime(now):%d/%m}<" in page


def test_who_reads_figures_chooses_no_column_about_people(manager):
    make_request(subject="Le trou de la rue Mermoz")
    response = client_of(manager).get(
        URL, {"vue": "toutes", "colonne": [*COLUMNS], "groupe": "charge", "presenter": "oui"}
    )
    assert not {"Source", "Sujet", "Chargé de dossier", "Action"} & {*headers(response)}
    assert headings(response) == []
    page = response.content.decode()
    assert "Mermoz" not in page
    assert 'value="source"' not in page
    assert '<option value="charge"' not in page


def test_groups_follow_one_another_with_their_length(front):
    for state in (State.A_REPONDRE, State.EN_COURS, State.A_REPONDRE):
        make_request(state=state)
    response = front.get(URL, {"vue": "toutes", "groupe": "etat"})
    assert headings(response) == ["En cours 1", "À répondre 2"]


def test_each_group_says_what_it_is(front, eas_agent):
    sr = make_request(assignee=eas_agent, department_id=VOIRIE, state=State.TRANSMISE)
    make_request(department_id=None)
    said = {group: headings(front.get(URL, {"vue": "toutes", "groupe": group})) for group in GROUPS}
    assert said["charge"] == ["Sans chargé de dossier 1", "Petit Nadia 1"]
    assert said["departement"][0] == "Sans service métier 1"
    assert "Voirie" in said["departement"][1]
    assert any(f"{sr.prestation.label} " in heading for heading in said["prestation"])
    assert sum(int(heading.rpartition(" ")[2]) for heading in said["jour"]) == 2


def test_lengths_are_not_told_of_lists_without_end(front, monkeypatch):
    monkeypatch.setattr(queue_layout, "LENGTH_CAP", 1)
    make_request(state=State.EN_COURS)
    make_request(state=State.EN_COURS)
    heading = headings(front.get(URL, {"vue": "toutes", "groupe": "etat"}))
    assert [words.strip() for words in heading] == ["En cours"]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    size=st.integers(1, 5),
    group=st.sampled_from([*GROUPS]),
    order=st.sampled_from(["echeance", "recentes", "anciennes"]),
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([State.EN_COURS, State.A_REPONDRE])),
        min_size=1,
        max_size=9,
    ),
)
def test_pages_of_groups_neither_lose_nor_repeat_a_request(
    front, monkeypatch, size, group, order, rows
):
    """Forwards and backwards; a group is one piece, and ordered within."""
    moment, prestation = timezone.now(), PrestationFactory()
    for days, state in rows:
        at = moment - timedelta(days=days)
        make_request(prestation=prestation, state=state, arrived_at=at, due_at=at)
    monkeypatch.setattr(queue_view, "PAGE_SIZE", size)
    query = f"?vue=toutes&prestation={prestation.pk}&groupe={group}&tri={order}"
    seen, last = [], None
    while query:
        last = front.get(f"{URL}{query}")
        seen += last.context["page"].rows
        query = last.context["page"].next_query
    assert len({row.pk for row in seen}) == len(seen) == len(rows)
    pieces = [(key, list(found)) for key, found in groupby(seen, lambda row: row.group_key)]
    assert len({key for key, _found in pieces}) == len(pieces)
    for _key, found in pieces:
        days = [row.due_at if order == "echeance" else row.arrived_at for row in found]
        assert days == sorted(days, reverse=order == "recentes")
    back, query = list(last.context["page"].rows), last.context["page"].previous_query
    while query:
        page = front.get(f"{URL}{query}").context["page"]
        back, query = [*page.rows, *back], page.previous_query
    assert [row.pk for row in back] == [row.pk for row in seen]


def test_odd_positions_and_groups_are_no_error(front):
    make_request()
    at = timezone.now().isoformat()
    for mark in (f"{at}~9~%", f"{at}~9", f"{at}~9~{'é' * 500}"):
        query = {"vue": "toutes", "groupe": "etat", "avant": mark}
        assert front.get(URL, query).status_code == 200
    assert headings(front.get(URL, {"vue": "toutes", "groupe": "x"})) == []


def test_the_layout_stays_while_filters_and_searches_change(front):
    make_request()
    laid = {"vue": "toutes", "colonne": ["canal", "etat"], "groupe": "etat", "filtrer": "oui"}
    page = front.get(URL, laid).content.decode()
    hidden = '<input type="hidden" name="{}" value="{}">'
    for name, value in (("colonne", "canal"), ("colonne", "etat"), ("groupe", "etat")):
        assert page.count(hidden.format(name, value)) == 2  # the search, the filters
    opened = front.get(URL, {**laid, "etat": "en-cours", "presenter": "oui"})
    page = opened.content.decode().partition('<form id="presentation"')[2].partition("</form>")[0]
    assert hidden.format("etat", "en-cours") in page
    assert hidden.format("groupe", "etat") not in page
    assert page.count(" checked") == 2


def test_a_saved_view_keeps_its_layout_in_one_writing(front):
    query = "colonne=canal&colonne=etat&colonne=sujet&groupe=etat&tri=anciennes&vue=ouvertes"
    asked = "vue=ouvertes&tri=anciennes&groupe=etat&colonne=etat&colonne=canal&colonne=x"
    assert kept_query(QueryDict(asked)) == query
    page = front.get(f"{NEW}?{query}").content.decode()
    assert "Canal, État, Sujet" in page
    assert "plus anciennes" in page
    front.post(f"{NEW}?{query}", {"name": "À ma façon", "group": "moi"})
    make_request(state=State.EN_COURS)
    rail = {str(view["label"]): view for view in front.get(URL).context["views"]}
    opened = front.get(rail["À ma façon"]["url"])
    assert headers(opened) == ["Canal", "État", "Sujet"]
    assert headings(opened) == ["En cours 1"]


def test_the_usual_columns_are_nothing_to_keep():
    ten = "&".join(f"colonne={slug}" for slug in sorted(queue_layout.SEEDS_TEN))
    assert kept_query(QueryDict(f"vue=ouvertes&groupe=x&tri=x&{ten}")) == "vue=ouvertes"


def test_groups_cost_one_query_whatever_their_number(front):
    def queries(**more) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert front.get(URL, {"vue": "toutes", **more}).status_code == 200
        return len(captured)

    make_request()
    queries()
    plain = queries()
    assert queries(groupe="prestation") == plain + 1
    for _ in range(5):
        make_request(prestation=PrestationFactory())
    assert queries(groupe="prestation") == plain + 1
