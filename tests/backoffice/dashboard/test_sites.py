"""The same prestation at several sites: each site's requests are counted apart (S87)."""

import pytest

from backoffice.actions.figures import rebuild_figures, roll_up_figures
from prestations.models import Site
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
