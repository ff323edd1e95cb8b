"""What is suggested for a text: the town's own articles, and nothing rather than anything (S50)."""

from pathlib import Path

import pytest
import yaml

from prestations.models import KnowledgeArticle
from prestations.suggesting import articles_for

pytestmark = pytest.mark.usefixtures("catalogue")

UNSEEN = Path(__file__).parents[2] / "requests" / "qualification" / "unseen.yaml"
CARD, LOST, INSIDE = "carte-identite-passeport", "papiers-perdus-ou-voles", "quand-transmettre"


def slugs(text: str, prestation: str = "") -> list[str]:
    return [str(article.slug) for article in articles_for(text, prestation)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("J’ai perdu ma carte d’identité, que faire\u00a0?", CARD),
        ("cantine", "inscription-ecole-cantine"),
        ("Quand est ouverte la mairie annexe\u00a0?", "horaires-des-mairies"),
        ("Bonjour, comment est calculé notre quotient familial\u00a0? Merci", "quotient-familial"),
        ("My identity card and my passport were lost or stolen", LOST),
    ],
)
def test_an_article_is_suggested_for_its_matter(text, first):
    assert slugs(text)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "bonjour je voudrais un renseignement",
        "Bonjour, je voudrais un rendez-vous avec le maire",
        (
            "Mme, 71 ans, veuve, petite pension. Elle a déposé son dossier il y a trois mois, avec "
            "un certificat et un justificatif, et demande si les documents sont bien arrivés à la "
            "mairie."
        ),
        "",
    ],
)
def test_nothing_is_suggested_for_words_that_many_articles_hold(text):
    assert slugs(text) == []


def test_a_request_whose_matter_has_its_article_gets_none_of_another_s():
    text = "J’ai perdu ma carte d’identité, que faire\u00a0?"
    own = slugs(text, "acte-deces")
    assert own == ["declarer-un-deces"]
    KnowledgeArticle.objects.get(slug="declarer-un-deces").prestations.clear()
    assert set(slugs(text, "acte-deces")) == {CARD, LOST}


def test_what_is_of_no_prestation_in_particular_joins_a_request_s_own_articles():
    text = "À quel service expert transmettre, et quand transmettre au service expert\u00a0?"
    assert set(slugs(text, "acte-deces")) == {"declarer-un-deces", INSIDE}


def test_messages_that_no_article_is_about_get_none_five_times_out_of_six():
    messages = yaml.load(UNSEEN.read_text(), yaml.CSafeLoader)
    about = set(KnowledgeArticle.objects.in_force().values_list("prestations", flat=True))
    others = [text for code, texts in messages.items() if code not in about for text in texts]
    answered = [text for text in others if articles_for(text)]
    assert len(others) > 100
    assert len(answered) <= len(others) / 6
