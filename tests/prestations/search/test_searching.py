"""The search box answers what residents type."""

from pathlib import Path

import pytest
import yaml

from prestations.enums import EntryKind
from prestations.loading.search_index import index_search
from prestations.models import KnowledgeArticle, Prestation, SearchEntry, SearchTerm
from prestations.searching import search, search_articles, search_prestations

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("naissance", "acte-naissance-filiation"),
        ("NAISSANCE", "acte-naissance-filiation"),
        ("naissence", "acte-naissance-filiation"),
        ("naiss", "acte-naissance-filiation"),
        ("poubelle", "dechets-conteneur"),
        ("poubelles", "dechets-conteneur"),
        ("trou dans la rue", "voirie-intervention-rapide"),
        ("nid-de-poule", "voirie-intervention-rapide"),
        ("papier pour la retraite", "certificat-vie"),
        ("certifica de vi", "certificat-vie"),
        ("carte identité", "cni-mairie-principale"),
        ("lampadaire", "eclairage-equipement-defectueux"),
        ("creche", "petite-enfance-preinscription-creche"),
        ("crèche", "petite-enfance-preinscription-creche"),
        ("cantine", "famille-inscription-periscolaire"),
        ("tag", "voirie-graffitis"),
        ("voisin bruyant", "nuisances-voisinage"),
        ("voter", "election-inscription"),
        ("pothole", "voirie-intervention-rapide"),
        ("birth certificate", "acte-naissance-sans-filiation"),
        ("rgpd", "rgpd-exercice-droits"),
    ],
)
def test_everyday_words_find_the_prestation_among_the_first(query, expected):
    found = [prestation.code for prestation in search_prestations(query)]
    assert expected in found[:3]


def test_says_which_word_it_understood():
    assert search("naissence").corrected == "naissance"
    assert search("naissance").corrected == ""


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("construire", "permis-de-construire"),
        ("permi de construir", "permis-de-construire"),
        ("urbanisme", "permis-de-construire"),
        ("payer la cantine", "facture-unique"),
        ("lampadère cassé", "eclairage-equipement-defectueux"),
    ],
)
def test_words_that_were_taken_for_others_find_their_own(query, first):
    assert search(query).hits[0].key == first


def test_a_word_more_than_a_slip_away_is_not_corrected():
    assert "conduire" in SearchTerm.objects.values_list("word", flat=True)
    assert search("construire").corrected == ""
    SearchTerm.objects.filter(word__startswith="constru").delete()
    assert search("construire").hits == []


def test_all_words_count_before_some():
    result = search("lampadaire zorglub")
    assert result.partial
    assert result.hits[0].key == "eclairage-equipement-defectueux"


@pytest.mark.parametrize("query", ["", "   ", "de la", "xyzzyx", "%", "\x00", "🙂", "\\"])
def test_finds_nothing_without_fault(query):
    assert search(query).hits == []


@pytest.mark.parametrize("query", ["a\x00b", "') OR 1=1 --", "acte & !", "acte:*", "<script>"])
def test_odd_characters_are_no_fault(query):
    search(query)


def test_a_very_long_query_is_cut():
    assert search("poubelle " * 5000).hits


def test_a_retired_prestation_is_not_found():
    Prestation.objects.filter(pk="voirie-graffitis").update(is_active=False)
    assert "voirie-graffitis" not in {p.code for p in search_prestations("graffiti")}


def test_makes_the_same_number_of_queries_whatever_it_finds(django_assert_num_queries):
    for query in ("graffiti", "demande de carte", "xyzzyx lampadaire"):
        with django_assert_num_queries(2):
            assert search(query).hits


def test_finds_articles_places_and_pages_besides_prestations():
    assert {hit.kind for hit in search("horaires de la mairie").hits} >= {"article", "place"}
    assert search("téléphone de la mairie").hits[0].kind == EntryKind.PAGE


def test_an_article_that_is_internal_or_not_validated_is_never_found():
    assert search("citoyen en colère insulte").hits == [] or not any(
        hit.kind == EntryKind.ARTICLE for hit in search("citoyen en colère insulte").hits
    )
    KnowledgeArticle.objects.filter(slug="quotient-familial").update(state="a-revoir")
    index_search()
    found = [hit.key for hit in search("quotient familial").hits]
    assert "quotient-familial" not in found
    assert "qf-calcul" in found


def test_the_reason_is_the_everyday_phrase_that_the_text_does_not_hold():
    hit = next(hit for hit in search("prime de noël").hits)
    assert hit.key == "aides-sociales-subvention-fin-annee"
    assert hit.reason == "prime de noël"
    assert search("graffitis").hits[0].reason == ""


def test_every_code_of_the_synonyms_exists():
    file = Path("prestations/data/synonyms.yaml")
    codes = set(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
    known = {
        key if kind == EntryKind.PRESTATION else f"{kind}:{key}"
        for kind, key in SearchEntry.objects.values_list("kind", "key")
    }
    assert codes <= known
    assert set(Prestation.objects.listed().values_list("code", flat=True)) <= codes


@pytest.mark.parametrize(
    "query", ["pièce identité", "piece identit", "carte d'identitté", "identité carte", "passport"]
)
def test_an_agent_who_looks_for_an_article_finds_it_by_any_of_its_words(query):
    articles, _understood = search_articles(query)
    assert "carte-identite-passeport" in {article.slug for article in articles}


def test_a_search_for_articles_says_what_it_took_a_slip_for():
    assert search_articles("identitté")[1] == "identite"
    assert search_articles("identité")[1] == ""


def test_internal_articles_are_found_by_who_asks_for_them():
    internal = KnowledgeArticle.objects.in_force().filter(public=False).first()
    assert internal in search_articles(internal.label)[0]
    assert internal not in search_articles(internal.label, [EntryKind.ARTICLE])[0]
