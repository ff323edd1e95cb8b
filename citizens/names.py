"""The family name and the given name in what somebody typed."""

from itertools import takewhile

from massy_grc.common.text import fold, one_line

PARTICLES = ("ben", "da", "de", "del", "des", "di", "dos", "du", "el", "la", "le", "van", "von")
CIVILITIES = ("m", "mr", "monsieur", "mme", "madame", "mlle", "mademoiselle")


def without_civility(text: str) -> str:
    """Return a name as typed, without "M." or "Mme" before it.

    >>> without_civility("Mme Dupont"), without_civility("M. KEITA  Moussa")
    ('Dupont', 'KEITA Moussa')
    """
    words = one_line(text).split()
    civil = list(takewhile(lambda word: fold(word).rstrip(".") in CIVILITIES, words[:-1]))
    return " ".join(words[len(civil) :])


def split_name(text: str) -> tuple[str, str]:
    """Return the family name and the given name, as far as `text` tells them apart.

    Agents say the family name first, as lists show it; one in capitals is one wherever it stands.

    >>> split_name("Marie DUPONT"), split_name("de la Tour Jean"), split_name("M. Keita")
    (('DUPONT', 'Marie'), ('de la Tour', 'Jean'), ('Keita', ''))
    """
    words = without_civility(text).split()
    family = _in_capitals(words)
    if not family:
        particles = takewhile(lambda word: fold(word) in PARTICLES, words[:-1])
        family = words[: len(list(particles)) + 1]
    given = [word for word in words if word not in family]
    return " ".join(family), " ".join(given)


def clear_name(text: str) -> tuple[str, str] | None:
    """Return what `split_name` does where nothing is guessed: capitals, or two words; or None."""
    words = without_civility(text).split()
    if _in_capitals(words) or len(words) == 2:
        return split_name(text)
    return None


def _in_capitals(words: list[str]) -> list[str]:
    """The words in capitals, where they tell something: some are, and not all."""
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    return capitals if len(capitals) < len(words) else []
