"""The layout of lists: columns, groups and order, in the address and with saved views (S37)."""

import re
from datetime import timedelta
from html import unescape
from itertools import groupby

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice import queue_layout
from backoffice.listed import first_listed
from backoffice.queue_layout import COLUMNS, GROUPS
from backoffice.queue_orders import ORDERS
from backoffice.queues import VIEWS
from backoffice.saved_views import kept_query
from backoffice.tables.queue import QueueTable
from backoffice.views import queue as queue_view
from massy_grc.common.paging import keyset_page
from prestations.enums import RequesterKind
from requests.enums import State
from requests.models import ServiceRequest
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


def sorters(response) -> dict[str, tuple[str, str]]:
    """Of each heading that orders the list: how it does now, and the address it leads to."""
    head = response.content.decode().partition("<thead>")[2].partition("</thead>")[0]
    cells = r'<th scope="col"([^>]*)>(?:<a href="([^"]*)"[^>]*>)?([^<]*)'
    told = {
        name.strip(): (attributes.partition('aria-sort="')[2].rstrip('"'), unescape(url))
        for attributes, url, name in re.findall(cells, head)
    }
    return {name: one for name, one in told.items() if any(one)}


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
    assert said["departement"][0] == "Sans service responsable 1"
    assert "Voirie" in said["departement"][1]
    assert any(f"{sr.prestation.label} " in heading for heading in said["prestation"])
    assert sum(int(heading.rpartition(" ")[2]) for heading in said["jour"]) == 2


def test_lengths_are_not_told_of_long_lists(front, monkeypatch):
    monkeypatch.setattr(queue_layout, "LENGTH_CAP", 1)
    make_request(state=State.EN_COURS)
    make_request(state=State.EN_COURS)
    heading = headings(front.get(URL, {"vue": "ouvertes", "groupe": "etat"}))
    assert [words.strip() for words in heading] == ["En cours"]


def test_a_list_without_end_keeps_to_what_an_index_follows(front, eas_agent, monkeypatch):
    """As long as it is long; its page says so, and its file and what is ticked follow it."""
    old, new = (make_request(state=state, days_ago=9) for state in (State.A_REPONDRE, State.CLOSE))
    asked = {"vue": "toutes", "tri": "etat", "groupe": "charge", "presenter": "oui"}
    told = "trop longue pour l’ordre ou les groupes demandés"
    assert told not in front.get(URL, asked).content.decode()
    monkeypatch.setattr(queue_layout, "LENGTH_CAP", 1)
    page = front.get(URL, asked)
    assert told in page.content.decode()
    long = "une fois filtrée, elle se groupe, et se range par chacune de ses colonnes"
    assert long in front.get(URL, {"vue": "toutes"}).content.decode()  # its headings say nothing
    assert [row.pk for row in page.context["page"].rows] == [new.pk, old.pk]
    assert headings(page) == []
    assert {*sorters(page)} == {"Date", "Close le"} & {*headers(page)}
    offered = [name for name, _words in page.context["layout_form"].fields["tri"].choices]
    assert offered == ["recentes", "anciennes", "-cloture"]
    assert [*first_listed("vue=toutes&tri=etat", eas_agent, timezone.now(), 9)] == [new.pk, old.pk]
    assert told not in front.get(URL, asked | {"vue": "ouvertes"}).content.decode()


def test_headings_order_the_list_and_turn_it_round(front, monkeypatch):
    first, second = (make_request(state=state) for state in (State.EN_COURS, State.A_REPONDRE))
    page = front.get(URL, {"vue": "ouvertes", "urgent": ""})
    assert sorters(page)["Échéance"] == ("ascending", "?vue=ouvertes&urgent=&tri=-echeance")
    for way, turned, rows in (("", "-", [first, second]), ("-", "", [second, first])):
        page = front.get(URL, {"vue": "ouvertes", "tri": f"{way}etat"})
        assert [row.pk for row in page.context["page"].rows] == [row.pk for row in rows]
        said = "descending" if way else "ascending"
        assert sorters(page)["État"] == (said, f"?vue=ouvertes&tri={turned}etat")
        assert sorters(page)["Échéance"] == ("", "?vue=ouvertes&tri=echeance")
    assert "État, dans l’ordre inverse" in page.content.decode()
    monkeypatch.setattr(queue_view, "PAGE_SIZE", 1)
    page = front.get(URL, {"vue": "ouvertes", "tri": "etat"}).context["page"]
    after = front.get(f"{URL}{page.next_query}")
    assert [row.pk for row in after.context["page"].rows] == [second.pk]
    before = front.get(f"{URL}{after.context['page'].previous_query}").context["page"]
    assert [row.pk for row in before.rows] == [first.pk]
    shown = headers(front.get(URL, {"vue": "ouvertes", "tri": "changement"}))
    assert ("Dernier changement" in shown, len(shown)) == (True, 10)  # what it is ordered by


def test_no_order_tells_what_a_reader_may_not_know(supervisor, manager):
    make_request()
    for user, view in ((supervisor, "pilotage"), (manager, "toutes")):
        page = client_of(user).get(URL, {"vue": view, "tri": "demandeur"})
        assert page.context["layout"].order_name == "recentes"
        assert not {"demandeur", "-demandeur"} & {*page.context["layout"].orders}


def test_the_last_closed_are_found_by_an_index():
    rows = ServiceRequest.objects.annotate(order_key=ORDERS["-cloture"].key)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
    plan = rows.order_by(*ORDERS["-cloture"].order.ordering())[:50].explain()
    assert "Index Scan using request_last_closed" in plan
    assert "Sort" not in plan


def requester(row) -> str:
    return "" if row.requester_kind == RequesterKind.ANONYME else row.requester_name.lower()


# what each order is by; none: last, both ways
VALUES = {
    "echeance": lambda row: row.due_at,
    "recentes": lambda row: row.arrived_at,
    "anciennes": lambda row: row.arrived_at,
    "etat": lambda row: [*State].index(row.state),
    "demandeur": requester,
    "charge": lambda row: row.assignee_id,
    "departement": lambda row: row.department_id,
    "retour": lambda row: row.department_due_at,
    "cloture": lambda row: row.closed_at,
    "changement": lambda row: row.events.last().at,
}
WAYS = [*VALUES, *(f"-{name}" for name in VALUES if name not in ("recentes", "anciennes"))]


def in_order(rows: list, name: str) -> list:
    """What the order `name` makes of rows, worked out here."""
    value, turned = VALUES[name.removeprefix("-")], name.startswith("-") or name == "recentes"
    known = [row for row in rows if value(row) not in (None, "")]
    known.sort(key=lambda row: (value(row), row.pk), reverse=turned)
    blank = [row for row in rows if value(row) in (None, "")]
    return known + sorted(blank, key=lambda row: row.pk, reverse=turned)


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([State.EN_COURS, State.A_REPONDRE]),
        st.sampled_from(["", "Abel ~1%", "abel ~1%", "Öz"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def test_pages_of_every_order_neither_lose_nor_repeat_a_request(eas_agent):
    """Forwards and backwards; a group is one piece, and ordered within."""
    moment, prestation = timezone.now(), PrestationFactory()
    pool = [make_request(prestation=prestation).pk for _ in range(8)]
    view = next(one for one in VIEWS if one.slug == "ouvertes")

    @settings(max_examples=30, deadline=None)
    @given(
        size=st.integers(1, 5),
        group=st.sampled_from(["", *GROUPS]),
        order=st.sampled_from(WAYS),
        drawn=ROWS,
    )
    def paged(size, group, order, drawn):
        for pk, (days, state, name, known) in zip(pool, drawn, strict=False):
            at = moment - timedelta(days=days)
            ServiceRequest.objects.filter(pk=pk).update(
                state=state,
                arrived_at=at,
                due_at=at,
                requester_name=name,
                requester_kind=RequesterKind.CITOYEN if known else RequesterKind.ANONYME,
                department_id=VOIRIE if known else None,
                department_due_at=at if known else None,
                closed_at=at if known else None,
                assignee=eas_agent if known else None,
            )
        asked = QueryDict(f"groupe={group}&tri={order}")
        layout = queue_layout.layout_of(asked, view, number=lambda: len(drawn))
        rows = layout.arrange(ServiceRequest.objects.filter(pk__in=pool[: len(drawn)]))

        def page(query):
            params = QueryDict(query.removeprefix("?"))
            return keyset_page(rows, order=layout.order, params=params, size=size)

        last = page("?")
        seen = [*last.rows]
        while last.next_query:
            last = page(last.next_query)
            seen += last.rows
        pieces = [
            (key, list(found))
            for key, found in groupby(seen, lambda row: row.group_key if group else "")
        ]
        assert len({key for key, _found in pieces}) == len(pieces)
        assert sum(len(found) for _key, found in pieces) == len(drawn)
        for _key, found in pieces:
            assert found == in_order(found, order)
        back = [*last.rows]
        while last.previous_query:
            last = page(last.previous_query)
            back = [*last.rows, *back]
        assert back == seen

    paged()


def test_odd_positions_and_groups_are_no_error(front):
    make_request()
    at = timezone.now().isoformat()
    for mark in (f"{at}~9~%", f"{at}~9", f"{at}~9~{'é' * 500}"):
        query = {"vue": "toutes", "groupe": "etat", "avant": mark}
        assert front.get(URL, query).status_code == 200
    for mark in ("%00~9~x", "%ED%A0%80~9~x", f"{at}~9~x", "~~"):
        query = {"vue": "toutes", "groupe": "etat", "tri": "-demandeur", "apres": mark}
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
    assert "Date, le plus tôt d’abord" in page
    front.post(f"{NEW}?{query}", {"name": "À ma façon", "group": "moi"})
    make_request(state=State.EN_COURS)
    rail = {str(view["label"]): view for view in front.get(URL).context["views"]}
    opened = front.get(rail["À ma façon"]["url"])
    assert headers(opened) == ["Canal", "État", "Sujet"]
    assert headings(opened) == ["En cours 1"]


def test_the_usual_columns_are_nothing_to_keep():
    ten = "&".join(f"colonne={slug}" for slug in sorted(queue_layout.SEEDS_TEN))
    assert kept_query(QueryDict(f"vue=ouvertes&groupe=x&tri=x&{ten}")) == "vue=ouvertes"


def test_groups_cost_one_query_and_orders_none(front):
    def queries(**more) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert front.get(URL, {"vue": "toutes", **more}).status_code == 200
        return len(captured)

    columns = [*COLUMNS]

    make_request()
    queries()
    plain = queries()
    assert queries(groupe="prestation") == plain + 1
    assert queries(tri="demandeur", colonne=columns) == plain
    for _ in range(5):
        make_request(prestation=PrestationFactory())
    assert queries(groupe="prestation") == plain + 1
    assert queries(tri="changement", colonne=columns) == plain
