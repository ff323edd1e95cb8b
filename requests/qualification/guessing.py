"""Train the classifier on what is known, and ask it about a text."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from prestations.models import Prestation
from requests.models import ClassifierVersion
from requests.qualification.classifier import Classifier, likeliest, trained
from requests.qualification.examples import (
    Example,
    catalogue_examples,
    learnt_examples,
    written_examples,
)
from requests.qualification.features import Features, features_of
from requests.qualification.siblings import Siblings

HELD_OUT = 5  # one example in five measures a training made on the others
SEED = 2007
WORDS_SHOWN = 4


@dataclass(frozen=True)
class Proposal:
    """A prestation that a text may be about; `score` from 0 to 1, `words` that decided."""

    prestation: Prestation
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """A classifier, from how many examples, and how often it is right on those it never saw."""

    classifier: Classifier
    examples: int
    learnt: int
    first_right: float
    three_right: float


def guessable() -> list[Prestation]:
    """Return the prestations that an unsorted text may be about."""
    prestations = Prestation.objects.filter(is_active=True).order_by("order", "code")
    return list(prestations.select_related("current_form").prefetch_related("sites"))


def train() -> Training:
    """Learn from the catalogue, the written examples and the town's requests."""
    prestations = guessable()
    siblings = Siblings(prestations)
    examples = [
        one
        for one in (
            *catalogue_examples(prestations),
            *written_examples(),
            *learnt_examples(siblings.label_of),
        )
        if one.prestation in siblings.label_of
    ]
    known = features_of([one.text for one in examples])
    labels = [siblings.label_of[one.prestation] for one in examples]
    shown, held = _split(examples)
    tried = trained(known.rows(shown), [labels[place] for place in shown])
    first, three = right_shares(tried, known.rows(held), [labels[place] for place in held])
    return Training(
        classifier=trained(known, labels),
        examples=len(examples),
        learnt=sum(one.learnt for one in examples),
        first_right=first,
        three_right=three,
    )


def _split(examples: Sequence[Example]) -> tuple[list[int], list[int]]:
    """The places of most of them, to learn from, and of some messages, to measure by."""
    messages = [place for place, one in enumerate(examples) if len(one.text.split()) > 3]
    held = set(random.Random(SEED).sample(messages, len(messages) // HELD_OUT))
    return [place for place in range(len(examples)) if place not in held], sorted(held)


def right_shares(
    classifier: Classifier, known: Features, labels: Sequence[str]
) -> tuple[float, float]:
    """Return how often the first guess is right, and one of the first three; 0 to 1."""
    if not labels:
        return 0.0, 0.0
    guesses = [
        [classifier.labels[place] for place in likeliest(row)] for row in classifier.chances(known)
    ]
    first = sum(given[0] == label for given, label in zip(guesses, labels, strict=True))
    three = sum(label in given for given, label in zip(guesses, labels, strict=True))
    return first / len(labels), three / len(labels)


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
    """The words that say something by themselves: PostgreSQL's French stop words are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word"
            " WHERE ts_lexize('french_stem', lower(word)) <> '{}'",
            [list(words)],
        )
        return {word for (word,) in cursor.fetchall()}
