"""A text as numbers: its words, the letters they are made of (typing errors), its meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, hstack

from massy_grc.common.text import fold
from requests.qualification.embedding import embed

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import HashingVectorizer  # takes a second to import

WORDS, LETTERS = 2**15, 2**15  # columns of each
MEANING_WEIGHT = 2.0  # of the meaning beside words and letters, each of length 1
MAX_LENGTH = 4000  # characters read of a text


@cache
def _counters() -> "tuple[HashingVectorizer, HashingVectorizer]":
    """What counts words, and what counts groups of letters."""
    from sklearn.feature_extraction.text import HashingVectorizer

    words = HashingVectorizer(n_features=WORDS, ngram_range=(1, 2), alternate_sign=False, norm=None)
    letters = HashingVectorizer(
        n_features=LETTERS, analyzer="char_wb", ngram_range=(3, 5), alternate_sign=False, norm=None
    )
    return words, letters


def prepared(text: str) -> str:
    """Return a text folded, without what says nothing of its subject: numbers, addresses."""
    text = re.sub(r"https?://\S+|\S+@\S+", " ", text[:MAX_LENGTH])
    return fold(re.sub(r"\d+", " ", text))


@dataclass(frozen=True)
class Features:
    """What is counted and meant in some texts, one a row.

    Attributes:
        counts: of words and groups of letters, of shape ``(texts, WORDS + LETTERS)``.
        meanings: of the sentence model, weighed, of shape ``(texts, 384)``; no column without it.
    """

    counts: csr_matrix
    meanings: np.ndarray

    def rows(self, places: Sequence[int]) -> "Features":
        """Return those of some of the texts, by their places."""
        return Features(self.counts[list(places)], self.meanings[list(places)])


def features_of(texts: Sequence[str]) -> Features:
    """Return the features of texts, some 30 ms each with the sentence model."""
    folded = [prepared(text) for text in texts]
    counts = hstack([counter.transform(folded) for counter in _counters()], format="csr")
    meanings = embed([text[:MAX_LENGTH] for text in texts]) * MEANING_WEIGHT
    return Features(counts, meanings)


def word_column(word: str) -> int:
    """Return the column in which a folded word is counted."""
    words, _letters = _counters()
    return int(words.transform([word]).indices[0])
