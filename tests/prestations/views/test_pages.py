"""Every public page of the catalogue, in both languages."""

import itertools
import re
from html.parser import HTMLParser

import pytest
import time_machine

from prestations.models import PortalEntry, Prestation

pytestmark = pytest.mark.usefixtures("catalogue")

PAGES = [
    "/",
    "/prestations/",
    "/recherche/",
    "/recherche/?q=poubelle",
    "/recherche/?q=xyzzyx",
    "/accueil-du-public/",
    "/accueil-du-public/mairie-annexe/",
    "/accueil-du-public/piscine-olympique/",
    "/articles/",
    "/articles/acte-de-naissance/",
    "/contact/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/mentions-legales/",
]


class _Outline(HTMLParser):
    """Headings, title and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.title = ""
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self._in_title = self._in_title or tag == "title"
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag == "title":
            self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data


def page(client, url: str, language: str = "fr") -> str:
    response = client.get(url, headers={"accept-language": language})
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_prestation_has_its_page(client, language):
    titles = set()
    for code in Prestation.objects.listed().values_list("code", flat=True):
        outline = _Outline(page(client, f"/prestations/{code}/", language))
        assert outline.levels.count(1) == 1, code
        titles.add(outline.title)
    assert len(titles) == 65


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("url", PAGES)
def test_page_has_one_h1_headings_without_gaps_and_unique_ids(client, url, language):
    outline = _Outline(page(client, url, language))
    assert outline.levels.count(1) == 1
    content = outline.levels[outline.levels.index(1) :]
    gaps = [(a, b) for a, b in itertools.pairwise(content) if b > a + 1]
    assert gaps == []
    assert len(outline.ids) == len(set(outline.ids))


def test_titles_of_pages_are_unique(client):
    titles = [_Outline(page(client, url)).title for url in PAGES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("slug", ["inconnue", "acte-naissance", "a" * 300])
def test_unknown_prestation_is_not_found(client, slug):
    assert client.get(f"/prestations/{slug}/").status_code == 404


def test_retired_prestation_is_not_found(client):
    Prestation.objects.filter(pk="voirie-graffitis").update(is_active=False)
    assert client.get("/prestations/voirie-graffitis/").status_code == 404
    assert "voirie-graffitis" not in page(client, "/") + page(client, "/prestations/")


def test_home_shows_both_services_with_the_citizens_wording(client):
    html = page(client, "/")
    for entry in PortalEntry.objects.select_related("prestation"):
        assert f"/prestations/{entry.prestation_id}/" in html
    assert "Demande d&#x27;actes de décès" in html
    assert html.index("Espace Accueil Services") < html.index("Service Proximité")


def test_home_says_what_is_open(client):
    with time_machine.travel("2026-11-23T10:00+01:00"):
        html = page(client, "/").replace("\xa0", " ")
    assert "ouvert jusqu’à 12 h 30" in html
    assert "fermé, ouvre aujourd’hui à 13 h 30" in html
    assert "nous répondons jusqu’à 17 h 30" in html


def test_home_tells_the_early_closing_of_christmas_eve(client):
    with time_machine.travel("2026-12-24T15:00+01:00"):
        assert "ouvert jusqu’à 16 h" in page(client, "/").replace("\xa0", " ")


def test_catalogue_lists_every_prestation_and_how_to_ask(client):
    html = page(client, "/prestations/")
    for code in Prestation.objects.listed().values_list("code", flat=True):
        assert f'href="/prestations/{code}/"' in html
    assert "Au guichet seulement" in html
    assert "En ligne sur un site de l’État" in html


def test_page_offers_to_file_what_is_open_on_the_web(client):
    html = page(client, "/prestations/acte-naissance-filiation/")
    assert "Faire la demande en ligne" in html
    assert "Document prouvant le lien" in html
    assert "Si vous êtes un membre de la famille" in html
    assert "3 jours ouvrés" in html


def test_counter_only_prestation_says_how(client):
    html = page(client, "/prestations/certificat-celibat/")
    assert "Faire la demande en ligne" not in html
    assert "Cette démarche ne se fait pas en ligne" in html
    assert "Mairie principale" in html


def test_historical_prestation_says_what_replaces_it_and_offers_no_filing(client):
    html = page(client, "/prestations/sortie-territoire/")
    assert "cerfa n° 15646" in html
    assert "/demande/" not in html


def test_electoral_registration_links_to_the_national_service(client):
    html = page(client, "/prestations/election-inscription/")
    assert "https://www.service-public.gouv.fr/particuliers/vosdroits/R16396" in html
    assert "/demande/" not in html


def test_a_proof_of_address_is_asked_with_the_text_that_allows_it_or_not_at_all(client):
    passport = page(client, "/prestations/passeport-mairie-annexe/")
    assert "Justificatif de domicile de moins d" in passport
    assert "décret n° 2005-1726" in passport
    assert "ustificatif de domicile" not in page(client, "/prestations/legalisation-signature/")


def test_prices_are_told_in_euros(client):
    html = page(client, "/prestations/passeport-mairie-annexe/").replace("\xa0", " ")
    assert "86 € par titre" in html
    assert "en timbre fiscal" in html
    assert "à l’État" in html


def test_silence_is_told_in_plain_words(client):
    html = page(client, "/prestations/aides-sociales-subvention-fin-annee/")
    assert "2 mois après la réception de votre demande, elle est considérée comme refusée" in html


def test_remedies_after_silence_are_told_whether_confirmed_or_not(client):
    for code in ["acte-deces", "passeport-mairie-annexe"]:
        assert not Prestation.objects.get(pk=code).legal_confirmed
        html = page(client, f"/prestations/{code}/")
        assert "dans sa réponse comment la contester" not in html
        assert "auprès du maire ou du tribunal administratif, dans les deux mois" in html


def test_no_internal_code_is_shown(client):
    for code in ["voirie-intervention-rapide", "famille-inscription-periscolaire"]:
        text = re.sub(r"<[^>]*>", " ", page(client, f"/prestations/{code}/"))
        for word in ["complexe", "working_days", "calendar_days", "en_ligne", "None"]:
            assert word not in text


def test_search_keeps_the_query_and_escapes_it(client):
    html = page(client, "/recherche/?q=<script>alert(1)</script>")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_search_without_result_says_what_to_do(client):
    html = page(client, "/recherche/?q=xyzzyx")
    assert "Que faire ?" in html
    assert 'href="/prestations/information-generale/"' in html


def test_an_empty_town_still_has_its_pages(client):
    PortalEntry.objects.all().delete()
    Prestation.objects.update(is_active=False)
    assert "Que voulez-vous faire" in page(client, "/")
    assert "ne sont pas encore en ligne" in page(client, "/prestations/")


@pytest.mark.parametrize("url", ["/", "/prestations/"])
def test_number_of_queries_does_not_grow_with_the_catalogue(client, url, django_assert_num_queries):
    page(client, url)  # the town is then in the cache
    with django_assert_num_queries(7 if url == "/" else 1):
        page(client, url)


def test_page_of_a_prestation_makes_few_queries(client, django_assert_max_num_queries):
    page(client, "/")
    with django_assert_max_num_queries(6):
        page(client, "/prestations/acte-naissance-filiation/")
