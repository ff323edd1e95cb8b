"""How a French name is said, and how far two spellings are apart.

PostgreSQL's metaphones hear English: « Arnault » and « Arnaud », « Thibaut » and « Tibo » are not
the same for them. What is said alike here is one key, stored beside the name.
"""

import re

from massy_grc.common.text import fold

# In this order; a capital is a sound that later rules leave alone.
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z0-9]", ""),
        (r"ph", "f"),
        (r"ch(?=[rl])", "k"),  # Christine, Chloé
        (r"s?ch|sh", "S"),
        (r"gn", "N"),
        (r"(?:e?au|o)l?[dtxs]+$|e?au|oo", "o"),  # Arnault, Thibaut, Renaud, Hugo
        (r"(?:ain|ein|aim|in|im|yn|ym|un)(?![aeiouynm])", "I"),
        (r"(?:an|am|en|em)(?![aeiouynm])", "A"),
        (r"(?:on|om)(?![aeiouynm])", "O"),
        (r"ai|ei|ay|ey|oe|ae", "e"),
        (r"(?<=.)(?:er|et|ez)$", "e"),  # Didier, Moret
        (r"qu|q|ck|c(?![eiy])", "k"),
        (r"s?c", "s"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"h", ""),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)[estdxp]+$", ""),  # what ends a word unheard
    )
)


def said(text: str) -> str:
    """Return how a name is said, as a short key; its words are run together.

    >>> said("Arnault") == said("ARNAUD"), said("Le Bihan") == said("Lebihan")
    (True, True)
    >>> said("Solène") == said("Solenn"), said("Martin") == said("Morin")
    (True, False)
    """
    key = fold(text)
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    return key


def slips(one: str, other: str) -> int:
    """Return how many slips of the hand turn `one` into `other`.

    A letter too many, too few, another one, or two the wrong way round.

    >>> slips("dupont", "dupnot"), slips("dupont", "dupond"), slips("durand", "dupont")
    (1, 1, 3)
    """
    before: list[int] = []
    line = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, line = before, line, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, line[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            line.append(cost)
    return line[-1]
