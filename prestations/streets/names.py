"""Street names and numbers as people write them, brought to one form for comparison."""

import re

from massy_grc.common.text import fold

# Usual abbreviations; those of the first list stand for a kind of street, at its beginning only.
_KINDS = {
    "al": "allee",
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "boul": "boulevard",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "crs": "cours",
    "imp": "impasse",
    "pas": "passage",
    "pl": "place",
    "r": "rue",
    "res": "residence",
    "rte": "route",
    "sq": "square",
}
_TITLES = {
    "cdt": "commandant",
    "col": "colonel",
    "dr": "docteur",
    "gal": "general",
    "gen": "general",
    "mal": "marechal",
    "pdt": "president",
    "pr": "professeur",
    "prof": "professeur",
    "st": "saint",
    "ste": "sainte",
}
KINDS = frozenset(_KINDS.values())
_SUFFIXES = {"b": "bis", "t": "ter", "q": "quater"}
_NUMBER = re.compile(r"([0-9]{1,4})\s?([a-z]{0,6})")


def canonical(name: str) -> str:
    """Return a street name folded, without punctuation, abbreviations spelt out.

    >>> canonical("Av. du Gal-de-Gaulle")
    'avenue du general de gaulle'
    """
    words = re.sub(r"[^0-9a-z]+", " ", fold(name)).split()
    if len(words) > 1:
        words[0] = _KINDS.get(words[0], words[0])
    return " ".join(_TITLES.get(word, word) for word in words)


def spelt_out(text: str) -> str:
    """Return any text with its streets as `canonical` writes them, wherever they stand.

    >>> spelt_out("devant le 72, bd du Gal. Leclerc !")
    'devant le 72 boulevard du general leclerc'
    """
    words = re.sub(r"[^0-9a-z]+", " ", fold(text)).split()
    usual = _KINDS | _TITLES
    return " ".join(usual.get(word, word) for word in words)


def number_and_suffix(text: str) -> tuple[int, str] | None:
    """Read « 12 bis », « 12B »; None for what is no street number.

    >>> number_and_suffix("12 B")
    (12, 'bis')
    """
    found = _NUMBER.fullmatch(fold(text))
    if not found:
        return None
    return int(found[1]), _SUFFIXES.get(found[2], found[2])
