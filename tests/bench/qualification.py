"""How often the classifier is right about strangers' messages, on the first day (S72):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.qualification

It learns from the catalogue and the written examples alone, without any history of the town. The
messages of tests/requests/qualification/unseen.yaml were written apart, from the catalogue only,
and are never learnt from. Prestations that differ by their site count as one.
"""

import sys
import time
from pathlib import Path

import yaml

from tests.bench.ground import ROOT, prepare

UNSEEN = ROOT / "tests/requests/qualification/unseen.yaml"
SURE = (0.5, 0.7, 0.8, 0.9)


def main() -> int:
    if not prepare():
        return 2
    tell()
    return 0


def tell() -> None:
    """Train in the empty town; print how often it is right, and how sure it is when it is."""
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
    for score in SURE:
        sure = [
            right for right, given in zip(first, guesses, strict=True) if given[0].score >= score
        ]
        if sure:
            print(f"score of {score:.0%} or more: {len(sure)} messages, right {_share(sure)}")
    for one, given, right in zip(messages, guesses, first, strict=True):
        if not right:
            print(f"  {one.prestation}: {given[0].label} {given[0].score:.0%} · {one.text[:80]!r}")


def unseen(path: Path) -> dict[str, list[str]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.1%}"


if __name__ == "__main__":
    sys.exit(main())
