"""Places, contact and articles: what is open, how to come, whom to call, and nothing internal."""

import html
import re

import pytest
import time_machine
from django.core.cache import cache

from prestations.models import ArticleOpinion, KnowledgeArticle, Site, Town

pytestmark = pytest.mark.usefixtures("catalogue")


def text(client, url: str, language: str = "fr") -> str:
    """The words of a page's main part, no-break spaces as spaces."""
    response = client.get(url, headers={"accept-language": language})
    assert response.status_code == 200, url
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    words = html.unescape(re.sub(r"<[^>]*>", " ", main)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", words)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T10:00+01:00", "ouvert jusqu’à 12 h 30"),  # Monday
        ("2026-11-23T18:30+01:00", "fermé, ouvre demain à 8 h 30"),
        ("2026-11-21T13:00+01:00", "fermé, ouvre lundi à 8 h 30"),  # Saturday afternoon
        ("2026-12-24T17:00+01:00", "fermé, ouvre samedi à 8 h 30"),  # closed early, then Christmas
    ],
)
def test_a_place_says_whether_it_is_open_and_when_it_opens_next(client, moment, words):
    with time_machine.travel(moment):
        assert words in text(client, "/accueil-du-public/mairie-principale/")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T10:00+01:00", "Nous répondons jusqu’à 17 h 30"),
        ("2026-11-23T19:00+01:00", "Nous répondrons demain à 8 h 30"),
        (
            "2026-12-24T16:30+01:00",
            "Nous répondrons samedi à 8 h 30",
        ),  # the whole town closes at 16
    ],
)
def test_the_single_number_says_when_somebody_answers(client, moment, words):
    with time_machine.travel(moment):
        assert words in text(client, "/contact/")


def test_a_site_tells_how_to_come_its_accessibility_and_what_is_done_there(client):
    page = text(client, "/accueil-du-public/mairie-annexe/")
    assert "14 allée des Tilleuls" in page
    assert "Arrêt Tilleuls" in page
    assert "Entrée sans marche : en partie." in page
    assert "Boucle magnétique pour appareils auditifs : oui." in page
    assert "restent à confirmer par la ville" in page
    assert "Passeport mairie annexe" in page
    assert "Passeport mairie principale" not in page


def test_confirmed_data_are_no_longer_marked(client):
    site = Site.objects.get(pk="mairie-annexe")
    Site.objects.filter(pk=site.pk).update(visit=site.visit | {"confirmed": True})
    assert "restent à confirmer" not in text(client, "/accueil-du-public/mairie-annexe/")


def test_closures_and_coming_public_holidays_are_told(client):
    with time_machine.travel("2026-12-15T10:00+01:00"):
        page = text(client, "/accueil-du-public/mairie-principale/")
    assert "fermeture à 16 h" in page
    assert "vendredi 25 décembre : Noël" in page


def test_other_places_have_their_page_and_unknown_ones_none(client):
    assert "Piscine olympique" in text(client, "/accueil-du-public/piscine-olympique/")
    for code in ("mairie", "inconnue"):  # the first is the town hall itself, under its site's code
        assert client.get(f"/accueil-du-public/{code}/").status_code == 404


def test_deaf_callers_are_told_of_the_relay_on_the_contact_page(client):
    page = text(client, "/contact/")
    assert "sourd, malentendant" in page
    assert "langue des signes française" in page
    assert "01 60 13 30 00" in page
    town = Town.objects.get()
    town.facts.pop("deaf_relay")
    town.save()
    cache.clear()
    assert "malentendant" not in text(client, "/contact/")


def test_a_public_article_shows_when_it_was_checked_and_what_it_leads_to(client):
    page = text(client, "/articles/quotient-familial/")
    assert "Vérifié le lundi 2 novembre" in page
    assert "Calcul du quotient familial" in page
    assert "Cette page vous a-t-elle aidé ?" in page


@pytest.mark.parametrize(
    "change",
    [
        {"public": False},
        {"state": "a-valider-par-expert"},
        {"state": "archive"},
        {"verified_on": None},
        {"is_active": False},
    ],
)
def test_what_is_internal_or_not_validated_has_no_page(client, change):
    KnowledgeArticle.objects.filter(slug="quotient-familial").update(**change)
    assert client.get("/articles/quotient-familial/").status_code == 404
    assert "quotient" not in text(client, "/articles/").lower()
    answered = client.post("/articles/quotient-familial/avis/", {"aide": "oui"})
    assert answered.status_code == 404
    assert (
        "/articles/quotient-familial/" not in client.get("/prestations/qf-calcul/").content.decode()
    )


def test_no_internal_article_is_anywhere_on_the_portal(client):
    internal = KnowledgeArticle.objects.filter(public=False)
    assert len(internal) == 2
    for article in internal:
        assert client.get(f"/articles/{article.slug}/").status_code == 404
        assert article.label not in text(client, "/articles/")
        assert article.label not in text(client, f"/recherche/?q={article.label}")
        for prestation in article.prestations.all():
            assert article.label not in text(client, f"/prestations/{prestation.pk}/")


def test_opinions_are_counted_by_day_without_anybody(client):
    for answer in ("oui", "oui", "non", "peut-être"):
        response = client.post(
            "/articles/quotient-familial/avis/", {"aide": answer, "nom": "Dupont"}, follow=True
        )
        assert "Merci" in response.content.decode()
    counts = dict(ArticleOpinion.objects.values_list("helpful", "count"))
    assert counts == {True: 2, False: 1}
    assert {field.name for field in ArticleOpinion._meta.fields} == {
        "id",
        "article",
        "day",
        "helpful",
        "count",
    }


def test_a_flood_of_opinions_from_one_place_is_not_counted(client):
    for _turn in range(25):
        client.post("/articles/quotient-familial/avis/", {"aide": "non"})
    assert ArticleOpinion.objects.get().count == 20


def test_articles_stand_on_the_page_of_their_prestations(client):
    assert "/articles/quotient-familial/" in client.get("/prestations/qf-calcul/").content.decode()


def test_places_and_articles_in_english_have_no_french_left(client):
    for url in ("/accueil-du-public/mairie-principale/", "/articles/se-marier-se-pacser/"):
        page = client.get(url, headers={"accept-language": "en"}).content.decode()
        main = re.search(r"<main.*?</main>", page, re.S)[0]
        assert '<span lang="fr">' not in main
