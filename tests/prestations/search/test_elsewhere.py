"""What the town does not do itself is found by the same search box, with the official address."""

import pytest

from prestations.elsewhere import ELSEWHERE, done_elsewhere
from prestations.loading.problems import DataFileError
from tests.requests.filing.support import text_of

pytestmark = pytest.mark.usefixtures("catalogue")


def first_result(client, query, **headers):
    text = text_of(client.get("/recherche/", {"q": query}, headers=headers))
    results = text[text.index('<ol class="results">') :]
    return results[: results.index("</li>")]


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("permis de conduire", "https://permisdeconduire.ants.gouv.fr/"),
        ("permi de conduir", "https://permisdeconduire.ants.gouv.fr/"),
        ("carte grise", "https://immatriculation.ants.gouv.fr/"),
        ("vendre ma voiture", "https://immatriculation.ants.gouv.fr/"),
        ("casier judiciere", "https://casier-judiciaire.justice.gouv.fr/"),
        ("apl", "https://www.caf.fr/"),
        ("RSA", "https://www.caf.fr/"),
        ("partir à la retraite", "https://www.info-retraite.fr/"),
        ("impots", "https://www.impots.gouv.fr/"),
        ("carte vitale", "https://www.ameli.fr/"),
        ("pole emploi", "https://www.francetravail.fr/"),
        ("titre de sejour", "https://administration-etrangers-en-france.interieur.gouv.fr/"),
        ("driving licence", "https://permisdeconduire.ants.gouv.fr/"),
    ],
)
def test_everyday_words_lead_to_the_official_address(client, query, address):
    result = first_result(client, query)
    assert f'href="{address}" rel="noopener external"' in result
    assert "Ailleurs qu’à la mairie" in result
    assert "hors du site de la ville" in result


def test_english_page_says_it_in_english(client):
    result = first_result(client, "carte grise", **{"accept-language": "en"})
    assert "Not done at the town hall" in result
    assert "Vehicle registration" in result


def test_suggestions_lead_there_too(client):
    found = client.get("/recherche/suggestions/", {"q": "casier"}).json()["suggestions"]
    assert found[0]["url"] == "https://casier-judiciaire.justice.gouv.fr/"
    assert found[0]["kind"] == "Ailleurs qu’à la mairie"


def test_who_finds_nothing_is_shown_the_states_own_site(client):
    assert "service-public.gouv.fr" in text_of(client.get("/recherche/?q=xyzzyx"))


def test_a_wrong_file_is_refused_with_its_place(tmp_path, monkeypatch):
    wrong = tmp_path / "elsewhere.yaml"
    wrong.write_text(ELSEWHERE.read_text().replace("url: https://", "url: http://", 1))
    monkeypatch.setattr("prestations.elsewhere.ELSEWHERE", wrong)
    with pytest.raises(DataFileError, match=r"\[0\].url"):
        done_elsewhere.__wrapped__()
