"""Who lives in town and who does not: counted apart, by prestation (S86)."""

import csv
import uuid
from io import StringIO

import pytest
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from requests import actions
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import counts_and_lists, list_length
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import TownFactory

pytestmark = pytest.mark.django_db
MASSY, ELSEWHERE = "3 rue Jean Mermoz, 91300 Massy", "8 rue de Paris, 91120 Palaiseau"
HOMES = {"acte-deces": (MASSY, ELSEWHERE, ELSEWHERE), "voirie-graffitis": (MASSY, MASSY, "")}


@pytest.fixture
def six_requests(catalogue):
    TownFactory()
    for code, addresses in HOMES.items():
        for address in addresses:
            actions.intake(
                prestation=catalogue[code],
                form_version=catalogue[code].current_form,
                channel="web",
                answers={"demandeur": {}, "reponses": {}},
                idempotency_key=str(uuid.uuid4()),
                citizen=CitizenFactory(address=address),
                now=timezone.now(),
            )


def chart_of(client, words: str):
    charts = client.get("/pilotage/").context["charts"]
    return next(chart for chart in charts if words in chart.title)


@pytest.mark.parametrize("keep", [lambda: None, roll_up_figures, rebuild_figures])
def test_outsiders_are_told_apart_by_prestation_whether_rolled_up_or_not(
    six_requests, manager, keep
):
    keep()
    chart = chart_of(client_of(manager, post=None), "n’habitent pas la ville")
    assert [[getattr(cell, "value", cell) for cell in row.cells] for row in chart.rows] == [
        [1, 2, 0, "67\xa0%"],
        [2, 0, 1, "0\xa0%"],
    ]


def test_each_number_opens_the_list_of_those_who_live_there(six_requests, manager):
    client = client_of(manager, post=None)
    found = counts_and_lists(client.get("/pilotage/").content.decode())
    by_home = {address: counts for address, counts in found.items() if "residence=" in address}
    assert {next(iter(counts)) for counts in by_home.values()} >= {1, 2, 3}
    for address, counts in by_home.items():
        assert counts == {list_length(client, address)}, address


def test_the_table_is_taken_along_as_a_file(six_requests, manager):
    client = client_of(manager, post=None)
    response = client.get("/pilotage/domicile.csv?periode=90j")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Code", "Prestation", "Massicois", "Extérieur", "Non renseigné"]
    assert [row[0:1] + row[2:] for row in rows[1:]] == [
        ["acte-deces", "1", "2", "0"],
        ["voirie-graffitis", "2", "0", "1"],
    ]


def test_a_head_s_file_counts_their_department_only(six_requests, head):
    response = client_of(head, post=None).get("/pilotage/domicile.csv")
    assert len(response.content.decode("utf-8-sig").splitlines()) == 1
