"""Ways in: asking, calling and resuming are in sight on the portal; closed pages lead on."""

import re

import pytest

pytestmark = pytest.mark.usefixtures("catalogue")
PASSPORT = "/prestations/passeport-mairie-annexe/"
BIRTH = "/prestations/acte-naissance-filiation/"
UPLOADS = "En ligne, envoyez vos documents"


def main_of(client, url: str) -> str:
    return re.search(r"<main.*?</main>", client.get(url).content.decode(), re.S)[0]


def test_home_offers_to_ask_and_to_call_before_its_lists(client):
    page = main_of(client, "/")
    lists = page.index("portal-doors")
    assert re.search(r'href="/prestations/">.{0,900}Faire une demande</a>', page[:lists], re.S)
    assert re.search(r'href="/suivi/">.{0,900}Suivre ma demande</a>', page[:lists], re.S)
    assert 'href="tel:+33' in page[:lists]
    assert "Mairie principale" in page[:lists]


def test_originals_only_speaks_of_no_upload(client):
    page = main_of(client, PASSPORT)
    assert "Les originaux ne s’envoient pas en ligne" in page
    assert UPLOADS not in page


def test_uploads_are_explained_where_there_are_some(client):
    assert UPLOADS in main_of(client, BIRTH)


@pytest.mark.parametrize("url", ["", "demande/"])
def test_historical_prestation_links_to_what_replaces_it(client, url):
    response = client.get(f"/prestations/sortie-territoire/{url}")
    assert 'href="https://www.service-public.gouv.fr/' in response.content.decode()


def test_counter_only_start_page_leads_to_the_documents(client):
    link = "/prestations/attestation-accueil/#documents"
    assert link in main_of(client, "/prestations/attestation-accueil/demande/")
    assert 'id="documents"' in main_of(client, "/prestations/attestation-accueil/")
