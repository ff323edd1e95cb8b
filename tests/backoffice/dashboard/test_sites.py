"""The same prestation at several sites: each site's requests are counted apart (S87)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from prestations.models import Department, Site
from requests import actions
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.backoffice.dashboard.support import counts_and_lists, list_length
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db
RECEIVED = (
    ("acte-deces", "mairie-principale"),
    ("acte-deces", "mairie-principale"),
    ("acte-deces", "mairie-annexe"),
    ("voirie-graffitis", "mairie-annexe"),
    ("voirie-graffitis", None),
)


@pytest.mark.parametrize("keep", [lambda: None, roll_up_figures, rebuild_figures])
def test_each_site_is_told_by_prestation_and_each_number_opens_its_list(catalogue, manager, keep):
    sites = {site.pk: site for site in Site.objects.all()}
    for code, site in RECEIVED:
        channel = "guichet" if site else "web"
        make_request(
            prestation=catalogue[code],
            site=sites.get(site),
            channel=channel,
            citizen=CitizenFactory(),
        )
    keep()
    client = client_of(manager, post=None)
    response = client.get("/pilotage/")
    chart = next(one for one in response.context["charts"] if "chaque site" in one.title)
    assert [[cell.value for cell in row.cells] for row in chart.rows] == [[2, 2], [2, 1], [0, 1]]
    found = counts_and_lists(response.content.decode())
    by_site = {address: counts for address, counts in found.items() if "site=" in address}
    assert len(by_site) == 5
    for address, counts in by_site.items():
        assert counts == {list_length(client, address)}, address


def test_a_head_counts_what_the_department_leads_and_the_lists_hold_no_more(
    catalogue, head, supervisor
):
    """Also where it works on what another department leads."""
    roads, parks = Department.objects.in_bulk(["voirie-assainissement", "espaces-verts"]).values()
    site = Site.objects.get(pk="mairie-annexe")
    for leading in (roads, parks):
        sr = make_request(
            prestation=catalogue["voirie-graffitis"],
            site=site,
            channel="guichet",
            citizen=CitizenFactory(),
            department=leading,
            department_since=timezone.now(),
            state=State.TRANSMISE,
        )
    actions.ask_task(
        request_id=sr.pk,
        version=None,
        actor=supervisor,
        departments=[roads],
        kind="opinion",
        asked="Le trottoir est-il à vous",
        due_on=timezone.localdate() + timedelta(days=1),
    )
    rebuild_figures()
    client = client_of(head, post=None)
    assert len(client.get("/agent/demandes/?vue=ouvertes").context["page"].rows) == 2
    found = counts_and_lists(client.get("/pilotage/").content.decode())
    assert {1} in found.values()
    for address, counts in found.items():
        assert counts == {list_length(client, address)}, address
