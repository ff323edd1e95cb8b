"""How often the classifier is right about strangers' messages, on the first day (S72):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.qualification

It learns from the catalogue and the written examples alone, without any history of the town. The
messages of tests/requests/qualification/unseen.yaml were written apart, from the catalogue only,
and are never learnt from. Prestations that differ by their site count as one. Ends with an error
when too few are right, or when too many of those that it would route alone are wrong.
"""

import sys
import time
from pathlib import Path
from unittest import mock

import numpy as np
import yaml

from tests.bench.ground import ROOT, prepare

UNSEEN = ROOT / "tests/requests/qualification/unseen.yaml"
SURE = (0.5, 0.7, 0.8, 0.9)
LEAST_FIRST, LEAST_THREE = 0.85, 0.95  # right first, among the three
MOST_ASTRAY = 0.05  # of what it routes alone


def main() -> int:
    if not prepare():
        return 2
    return tell()


def tell() -> int:
    """Train in the empty town; print how often it is right, and what it would route alone.

    Returns:
        1 when a bar is missed, else 0.
    """
    from requests.qualification.examples import Example
    from requests.qualification.guessing import guessable, train
    from requests.qualification.siblings import Siblings

    siblings = Siblings(guessable())
    began = time.perf_counter()
    training = train()
    seconds = time.perf_counter() - began
    messages = [Example(text, code) for code, texts in unseen(UNSEEN).items() for text in texts]
    began = time.perf_counter()
    guesses = training.classifier.guesses([one.text for one in messages])
    each = (time.perf_counter() - began) / len(messages)
    meant = [siblings.label_of[one.prestation] for one in messages]
    first = [given[0].label == label for given, label in zip(guesses, meant, strict=True)]
    three = [
        label in [guess.label for guess in given]
        for given, label in zip(guesses, meant, strict=True)
    ]
    print(
        f"\nqualification of {len(messages)} unseen messages, learnt from {training.examples} "
        f"examples in {seconds:.0f} s, {each * 1000:.0f} ms a message"
    )
    print(f"right first {_share(first)}, among the three {_share(three)}")
    print("by words and letters alone: " + _lexical(messages, meant))
    print(
        f"out of fold, on the written messages: right first {training.first_right:.1%}, "
        f"among the three {training.three_right:.1%}"
    )
    alone = [
        right
        for right, (best, *_others) in zip(first, guesses, strict=True)
        if best.score * 100 >= training.thresholds.get(best.label, 101)
    ]
    astray = alone.count(False)
    print(
        f"routed alone: {len(alone)} messages ({len(alone) / len(first):.0%}), {astray} wrongly; "
        f"{len(training.thresholds)} of {len(siblings.label_of)} prestations have a threshold"
    )
    for score in SURE:
        sure = [
            right for right, given in zip(first, guesses, strict=True) if given[0].score >= score
        ]
        if sure:
            print(f"score of {score:.0%} or more: {len(sure)} messages, right {_share(sure)}")
    for one, given, right in zip(messages, guesses, first, strict=True):
        if not right:
            print(f"  {one.prestation}: {given[0].label} {given[0].score:.0%} · {one.text[:80]!r}")
    missed = [
        what
        for what, met in (
            (f"right first under {LEAST_FIRST:.0%}", _part(first) >= LEAST_FIRST),
            (f"among the three under {LEAST_THREE:.0%}", _part(three) >= LEAST_THREE),
            (f"over {MOST_ASTRAY:.0%} wrong alone", astray <= MOST_ASTRAY * len(alone)),
        )
        if not met
    ]
    if missed:
        print("missed: " + ", ".join(missed))
    return 1 if missed else 0


def _lexical(messages: list, meant: list[str]) -> str:
    """How often it is right where the sentence model is not installed."""
    from requests.qualification import features
    from requests.qualification.classifier import trained
    from requests.qualification.guessing import guessable, known_examples
    from requests.qualification.siblings import Siblings

    prestations = guessable()
    siblings = Siblings(prestations)
    examples = known_examples(prestations, siblings)
    with mock.patch.object(features, "embed", lambda texts: np.zeros((len(texts), 0))):
        known = features.features_of([one.text for one in examples])
        lexical = trained(known, [siblings.label_of[one.prestation] for one in examples])
        guesses = lexical.guesses([one.text for one in messages])
    labels = [[guess.label for guess in given] for given in guesses]
    first = [given[0] == label for given, label in zip(labels, meant, strict=True)]
    three = [label in given for given, label in zip(labels, meant, strict=True)]
    return f"right first {_share(first)}, among the three {_share(three)}"


def unseen(path: Path) -> dict[str, list[str]]:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _share(right: list[bool]) -> str:
    return f"{_part(right):.1%}"


def _part(right: list[bool]) -> float:
    return sum(right) / len(right)


if __name__ == "__main__":
    sys.exit(main())
