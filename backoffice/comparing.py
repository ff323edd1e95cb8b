"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words: in both texts, only in the newer one, or only in the older one."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Return the newer text with what was added, and what was removed at its place.

    >>> [(str(one.kind), one.text) for one in compare("le prix est 25 €", "le prix est 30 €")]
    [('same', 'le prix est '), ('removed', '25'), ('added', '30'), ('same', ' €')]
    """
    before, after = _tokens(old), _tokens(new)
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kind.SAME, "".join(after[c:d])))
            continue
        if b > a:
            pieces.append(Piece(Kind.REMOVED, "".join(before[a:b])))
        if d > c:
            pieces.append(Piece(Kind.ADDED, "".join(after[c:d])))
    return pieces


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)
