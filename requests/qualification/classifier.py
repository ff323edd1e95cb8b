"""A linear classifier over the features: learnt from examples, kept as plain arrays."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from threadpoolctl import threadpool_limits

from requests.qualification.features import (
    LETTERS,
    WORDS,
    Features,
    features_of,
    prepared,
    word_column,
)

PROPOSED = 3
STRENGTH = 30.0  # how closely the examples are followed (C of scikit-learn)


@dataclass(frozen=True)
class Guess:
    """One thing that a text may be about.

    Attributes:
        label: of the examples.
        score: between 0 and 1; those of all labels add up to 1.
        words: of the text, that spoke for it, the loudest first; as they were written.
    """

    label: str
    score: float
    words: tuple[str, ...]


class Classifier:
    """Guesses which label a text bears. Made by `trained` or `Classifier.loads`.

    Attributes:
        labels: what may be guessed.
        meaning: columns of the sentence model it was trained with; 0 without one.
    """

    def __init__(
        self, labels: Sequence[str], weights: np.ndarray, bias: np.ndarray, rarity: np.ndarray
    ) -> None:
        self.labels = list(labels)
        self._weights = weights  # (labels, WORDS + LETTERS + meaning)
        self._bias = bias  # (labels,)
        self._rarity = rarity  # (WORDS + LETTERS,)

    @property
    def meaning(self) -> int:
        return self._weights.shape[1] - WORDS - LETTERS

    def chances(self, known: Features) -> np.ndarray:
        """Return how likely each label is, of shape ``(texts, labels)``; each row adds up to 1.

        Raises:
            ValueError: trained with a sentence model that is not there any more, or without one
                that has come since.
        """
        if known.meanings.shape[1] != self.meaning:
            raise ValueError("the sentence model is another one: train again")
        margins = np.asarray(_weighed(known, self._rarity) @ self._weights.T) + self._bias
        margins -= margins.max(axis=1, keepdims=True)
        chances = np.exp(margins)
        return chances / chances.sum(axis=1, keepdims=True)

    def guesses(self, texts: Sequence[str]) -> list[list[Guess]]:
        """Return the likeliest labels of each text, best first; `PROPOSED` of them.

        Raises:
            ValueError: as `chances`.
        """
        known = features_of(texts)
        lexical = _weighed(known, self._rarity)
        return [
            [
                Guess(self.labels[best], float(row[best]), self._deciding(text, lexical[at], best))
                for best in likeliest(row)
            ]
            for at, (text, row) in enumerate(zip(texts, self.chances(known), strict=True))
        ]

    def _deciding(self, text: str, lexical: csr_matrix, label: int) -> tuple[str, ...]:
        """The words of the text that speak for a label rather than for the others."""
        stands_out = self._weights[label] - self._weights.mean(axis=0)
        said: dict[str, float] = {}
        for written in re.findall(r"\w[\w’'-]+", text):
            for word in re.findall(r"\w{3,}", prepared(written)):
                column = word_column(word)
                gain = float(stands_out[column] * lexical[0, column])
                said[written] = max(gain, said.get(written, 0.0))
        best = sorted(said, key=said.__getitem__, reverse=True)
        return tuple(word for word in best if said[word] > 0)

    def sharper(self, power: float) -> "Classifier":
        """Return one that guesses alike, whose chances are `sharpened`."""
        return Classifier(self.labels, self._weights * power, self._bias * power, self._rarity)

    def dumps(self) -> bytes:
        """Return it as bytes, without code in them (unlike a pickle)."""
        kept = io.BytesIO()
        np.savez_compressed(
            kept,
            labels=np.array(self.labels),
            weights=self._weights.astype(np.float16),
            bias=self._bias.astype(np.float32),
            rarity=self._rarity.astype(np.float32),
        )
        return kept.getvalue()

    @classmethod
    def loads(cls, kept: bytes) -> "Classifier":
        """Return the classifier that `dumps` wrote."""
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            return cls(
                [str(label) for label in arrays["labels"]],
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                arrays["rarity"],
            )


def sharpened(chances: np.ndarray, power: float) -> np.ndarray:
    """Return each row of chances raised to a power, to add up to 1 again."""
    raised = np.power(chances, power)
    return raised / raised.sum(axis=1, keepdims=True)


def likeliest(row: np.ndarray) -> np.ndarray:
    """Return the places of the `PROPOSED` largest values, largest first."""
    return np.argsort(row)[::-1][:PROPOSED]


def trained(known: Features, labels: Sequence[str]) -> Classifier:
    """Learn from examples; the same examples give the same classifier.

    Args:
        known: the features of the examples, of at least two labels.
        labels: of each example.
    """
    seen = np.asarray((known.counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(labels)) / (1 + seen)) + 1.0
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced")
    weighed = _weighed(known, rarity)
    used = np.flatnonzero(weighed.getnnz(axis=0))  # what no example holds weighs nothing
    # one thread: for so little at a time several only wait for each other
    with threadpool_limits(limits=1):
        model.fit(weighed[:, used], list(labels))
    weights, bias = np.zeros((len(model.coef_), weighed.shape[1])), model.intercept_
    weights[:, used] = model.coef_
    if len(model.classes_) == 2:  # scikit-learn then keeps the second one's alone
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Classifier([str(one) for one in model.classes_], weights, bias, rarity)


def _weighed(known: Features, rarity: np.ndarray) -> csr_matrix:
    """Words and letters, rare ones weighing more, each kind of length 1; then the meanings."""
    from sklearn.preprocessing import normalize

    counts = known.counts.astype(np.float64)
    counts.data = 1 + np.log(counts.data)
    weighed = counts.multiply(rarity).tocsr()
    words, letters = normalize(weighed[:, :WORDS]), normalize(weighed[:, WORDS:])
    return hstack([words, letters, csr_matrix(known.meanings)], format="csr")
