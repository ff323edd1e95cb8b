"""The search page and its suggestions, over HTTP."""

import pytest

from prestations.models import MissingAnswer
from prestations.views.search import marked

pytestmark = pytest.mark.usefixtures("catalogue")


def search(client, query: str, language: str = "fr") -> str:
    response = client.get("/recherche/", {"q": query}, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_results_of_every_kind_say_what_they_are_and_why(client):
    page = search(client, "horaires de la mairie")
    assert "/accueil-du-public/mairie-principale/" in page
    assert "/articles/horaires-des-mairies/" in page
    page = search(client, "prime de noël")
    assert "Correspond à « prime de noël »" in page
    assert "Démarche" in page


def test_the_words_found_are_marked(client):
    assert "<mark>Passeport</mark> mairie annexe" in search(client, "passeports")


def test_marking_escapes_what_it_shows():
    shown = marked("<b>L’été</b> & l’eau", frozenset({"ete"}))
    assert shown == "&lt;b&gt;L’<mark>été</mark>&lt;/b&gt; &amp; l’eau"


def test_in_english_the_english_words_are_found_and_shown(client):
    page = search(client, "birth certificate", "en")
    assert "<mark>" in page
    assert "Correspond" not in page


def test_without_result_the_page_says_what_to_do(client):
    page = search(client, "xyzzyx")
    assert "01 60 13 30 00" in page
    assert "/prestations/information-generale/" in page
    assert "/prestations/reclamation-service-municipal/" in page
    assert "/prestations/#dechets" in page or "/prestations/#" in page


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("Xyzzyx Plugh", "xyzzyx plugh"),
        ("xyzzyx jean.dupont@example.org", "xyzzyx"),
        ("xyzzyx 06 12 34 56 78", "xyzzyx"),
        ("xyzzyx x2024y https://x.example/a", "xyzzyx"),
        ("xyzzyx <script>", "xyzzyx script"),
        ("zzz " * 40, ("zzz " * 40)[:60].strip()),
    ],
)
def test_words_without_result_are_kept_without_personal_data(client, query, kept):
    search(client, query)
    assert [row.words for row in MissingAnswer.objects.all()] == [kept]


@pytest.mark.parametrize("query", ["", "0612345678", "a@b.example", "🙂"])
def test_nothing_is_kept_where_no_word_is_left(client, query):
    search(client, query)
    assert not MissingAnswer.objects.exists()


def test_repeated_words_are_counted_found_ones_are_not(client):
    search(client, "xyzzyx")
    search(client, "XYZZYX")
    search(client, "poubelle")
    client.head("/recherche/", {"q": "xyzzyx"})
    row = MissingAnswer.objects.get()
    assert (row.words, row.count) == ("xyzzyx", 2)


def test_a_flood_of_fruitless_words_still_searches_and_is_no_longer_kept(client):
    for number in range(35):
        search(client, "xyzzyx" + "abcdefghij"[number % 10] + "klmn"[number // 10])
    assert MissingAnswer.objects.count() == 30


def test_number_of_queries_is_the_same_whatever_is_found(client, django_assert_num_queries):
    search(client, "poubelle")  # the town is then in the cache
    for query in ("poubelle", "carte", "horaires mairie passeport"):
        with django_assert_num_queries(3):
            search(client, query)


def test_suggestions_answer_what_is_typed_so_far(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = client.get("/recherche/suggestions/", {"q": "poub"}).json()["suggestions"]
    assert 1 <= len(found) <= 6
    assert found[0]["url"] == "/prestations/dechets-conteneur/"
    assert found[0]["kind"] == "Démarche"


@pytest.mark.parametrize("query", ["", "p", "🙂", "xyzzyx"])
def test_no_suggestion_is_an_empty_list(client, query):
    assert client.get("/recherche/suggestions/", {"q": query}).json() == {"suggestions": []}


def test_suggestions_keep_nothing_and_take_no_post(client):
    client.get("/recherche/suggestions/", {"q": "xyzzyx"})
    assert not MissingAnswer.objects.exists()
    assert client.post("/recherche/suggestions/", {"q": "poubelle"}).status_code == 405
