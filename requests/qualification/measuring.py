"""How right a training is about messages it was not shown; what it may do alone then (S72).

Every message is judged once, by a training on all others but its fifth (cross-validation). The test
set of the benchmark plays no part.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from requests.qualification.classifier import likeliest, sharpened, trained
from requests.qualification.features import Features
from requests.qualification.thresholds import LEAST_PERCENT, PRECISION, SUPPORT

FOLDS = 5
SEED = 2007
CONFUSIONS_KEPT = 12
SHARPNESS = np.arange(0.5, 8.0, 0.1)


@dataclass(frozen=True)
class Measure:
    """What trainings said of messages that they were not shown.

    Attributes:
        first_right, three_right: how often the first guess is right, one of the three; 0 to 1.
        sharpness: what makes a score the share of guesses that are right at it.
        thresholds: by label, the percentage from which it may route alone; without one, never.
        confusions: (guessed, meant, times), the most frequent first.
    """

    first_right: float = 0.0
    three_right: float = 0.0
    sharpness: float = 1.0
    thresholds: dict[str, int] = field(default_factory=dict)
    confusions: list[tuple[str, str, int]] = field(default_factory=list)


def measured(known: Features, labels: Sequence[str], messages: Sequence[int]) -> Measure:
    """Judge messages by trainings that did not see them.

    Args:
        known: the features of all examples.
        labels: of each example; at least two of them outside any fifth of the messages.
        messages: the places of the examples to judge; the others are always learnt from.
    """
    if not messages:
        return Measure()
    names = sorted(set(labels))
    raw = np.zeros((len(labels), len(names)))
    for held in _folds(labels, messages):
        hidden = set(held)
        shown = [place for place in range(len(labels)) if place not in hidden]
        tried = trained(known.rows(shown), [labels[place] for place in shown])
        columns = [names.index(label) for label in tried.labels]
        raw[np.ix_(held, columns)] = tried.chances(known.rows(held))
    right = np.array([names.index(labels[place]) for place in messages])
    sharpness = _sharpness(raw[messages], right)
    chances = sharpened(raw[messages], sharpness)
    guesses = np.array([likeliest(row) for row in chances])
    scores, is_right = chances.max(axis=1), guesses[:, 0] == right
    thresholds = {
        name: _threshold(scores[guesses[:, 0] == place], is_right[guesses[:, 0] == place])
        for place, name in enumerate(names)
    }
    confused = Counter(
        (names[guess], names[meant])
        for guess, meant in zip(guesses[:, 0], right, strict=True)
        if guess != meant
    )
    return Measure(
        first_right=float(is_right.mean()),
        three_right=float((guesses == right[:, None]).any(axis=1).mean()),
        sharpness=sharpness,
        thresholds={name: percent for name, percent in thresholds.items() if percent},
        confusions=[(*pair, times) for pair, times in confused.most_common(CONFUSIONS_KEPT)],
    )


def _folds(labels: Sequence[str], messages: Sequence[int]) -> list[list[int]]:
    """The messages dealt out, those of each label evenly."""
    shuffled = random.Random(SEED).sample(list(messages), len(messages))
    in_order = sorted(shuffled, key=lambda place: labels[place])
    return [fold for at in range(FOLDS) if (fold := in_order[at::FOLDS])]


def _sharpness(chances: np.ndarray, right: np.ndarray) -> float:
    """The power that makes the chances of what is right largest as a whole (temperature)."""

    def surprise(power: float) -> float:
        given = sharpened(chances, power)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(given, 1e-12)).mean())

    return float(min(SHARPNESS, key=surprise))


def _threshold(scores: np.ndarray, right: np.ndarray) -> int | None:
    """The smallest percentage from which enough guesses of one label are right often enough."""
    for percent in range(LEAST_PERCENT, 100):
        reached = right[scores * 100 >= percent]
        if len(reached) < SUPPORT:
            return None
        if reached.mean() >= PRECISION:
            return percent
    return None
