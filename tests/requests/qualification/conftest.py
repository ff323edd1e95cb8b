"""A classifier that learnt from a few lines: enough to tell three prestations apart."""

import pytest
from django.utils import timezone

from requests.models import ClassifierVersion
from requests.qualification.classifier import trained
from requests.qualification.embedding import embedding_name
from requests.qualification.features import features_of
from tests.backoffice.conftest import front

__all__ = ["front"]

POTHOLE, HEALTH, DUMP = "voirie-intervention-rapide", "certificat-vie", "proprete-depot-sauvage"
LINES = {
    POTHOLE: [
        "un trou dans la chaussée devant chez moi",
        "la route est pleine de nids de poule",
        "le bitume est défoncé, ma roue a crevé dans ce trou",
    ],
    HEALTH: [
        "ma caisse de retraite demande un certificat de vie",
        "le papier comme quoi je suis encore vivante pour ma pension",
        "certificat de vie pour la retraite du Maroc",
    ],
    DUMP: [
        "des matelas et un frigo abandonnés sur le trottoir",
        "encore un dépôt sauvage de gravats au coin de la rue",
        "quelqu’un a jeté de vieux meubles devant l’immeuble",
    ],
}


def learnt(texts: list[str], labels: list[str]):
    return trained(features_of(texts), labels)


@pytest.fixture(scope="session")
def few():
    texts = [text for lines in LINES.values() for text in lines]
    return learnt(texts, [code for code, lines in LINES.items() for _ in lines])


@pytest.fixture
def version(catalogue, few):
    return ClassifierVersion.objects.create(
        trained_at=timezone.now(),
        weights=few.dumps(),
        meaning=embedding_name(),
        examples=9,
        learnt=0,
        first_right=0.9,
        three_right=1.0,
    )
