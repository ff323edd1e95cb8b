"""Train the classifier on what is known, and ask it about a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from massy_grc.common.text import fold
from prestations.models import Prestation
from prestations.searching import SMALL_WORDS
from requests.models import ClassifierVersion
from requests.qualification.classifier import Classifier, trained
from requests.qualification.examples import (
    Example,
    catalogue_examples,
    learnt_examples,
    written_examples,
)
from requests.qualification.features import features_of
from requests.qualification.measuring import measured
from requests.qualification.siblings import Siblings

WORDS_SHOWN = 4
# what says nothing of a message's matter, beside PostgreSQL's own list; folded
EMPTY = SMALL_WORDS | {
    *("les", "leurs", "cet", "cette", "cela", "tout", "toute", "tous", "toutes", "chez", "sans"),
    *("peu", "plus", "moins", "tres", "trop", "bien", "comme", "depuis", "encore", "aussi"),
    *("alors", "apres", "avant", "devant", "monsieur", "madame"),
}


@dataclass(frozen=True)
class Proposal:
    """A prestation that a text may be about; `score` from 0 to 1, `words` that decided."""

    prestation: Prestation
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """A classifier, from how many examples, and what was measured of it.

    Attributes:
        first_right, three_right, confusions: as of `requests.qualification.measuring.Measure`.
        thresholds: by prestation, the percentage from which it may route alone.
    """

    classifier: Classifier
    examples: int
    learnt: int
    first_right: float
    three_right: float
    thresholds: dict[str, int]
    confusions: list[tuple[str, str, int]]


def guessable() -> list[Prestation]:
    """Return the prestations that an unsorted text may be about."""
    prestations = Prestation.objects.filter(is_active=True).order_by("order", "code")
    return list(prestations.select_related("current_form").prefetch_related("sites"))


def known_examples(prestations: Sequence[Prestation], siblings: Siblings) -> list[Example]:
    """Return all there is to learn from: the catalogue, written messages, the town's requests."""
    return [
        one
        for one in (
            *catalogue_examples(prestations),
            *written_examples(),
            *learnt_examples(siblings.label_of),
        )
        if one.prestation in siblings.label_of
    ]


def train() -> Training:
    """Learn from all that is known, and measure by the messages among it."""
    prestations = guessable()
    siblings = Siblings(prestations)
    examples = known_examples(prestations, siblings)
    known = features_of([one.text for one in examples])
    labels = [siblings.label_of[one.prestation] for one in examples]
    messages = [place for place, one in enumerate(examples) if one.is_message]
    measure = measured(known, labels, messages)
    return Training(
        classifier=trained(known, labels).sharper(measure.sharpness),
        examples=len(examples),
        learnt=sum(one.learnt for one in examples),
        first_right=measure.first_right,
        three_right=measure.three_right,
        thresholds={
            code: measure.thresholds[label]
            for code, label in siblings.label_of.items()
            if label in measure.thresholds
        },
        confusions=measure.confusions,
    )


@lru_cache(maxsize=1)
def _loaded(version_id: int) -> Classifier:
    """The classifier of a version, read once a process."""
    return Classifier.loads(bytes(ClassifierVersion.objects.get(pk=version_id).weights))


def propose(text: str, version: ClassifierVersion) -> list[Proposal]:
    """Return what a text may be about, best first.

    Raises:
        ValueError: the version was trained with another sentence model.
    """
    siblings = Siblings(guessable())
    (guesses,) = _loaded(version.pk).guesses([text])
    telling = _telling({word for guess in guesses for word in guess.words})
    return [
        Proposal(
            siblings.prestation(guess.label, text),
            guess.score,
            tuple(word for word in guess.words if word in telling)[:WORDS_SHOWN],
        )
        for guess in guesses
        if guess.label in siblings.label_of
    ]


def _telling(words: Iterable[str]) -> set[str]:
    """The words that say something by themselves: neither French stop words nor `EMPTY`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word"
            " WHERE ts_lexize('french_stem', lower(word)) <> '{}'",
            [list(words)],
        )
        return {word for (word,) in cursor.fetchall() if fold(word) not in EMPTY}
