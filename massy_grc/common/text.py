"""Folding of text for search and sorting (the embedded server has no ICU)."""

import re
import unicodedata

_SPECIAL = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "-": " "})


def fold(text: str) -> str:
    """Return `text` in lower case without accents, ligatures split, spaces single."""
    text = unicodedata.normalize("NFKD", text.lower().translate(_SPECIAL))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", text).strip()


def one_line(text: str) -> str:
    """Return `text` on one line, spaces single; French typography's no-break spaces stay.

    >>> one_line("  Votre\\r\\n demande\\xa0: ")
    'Votre demande\\xa0:'
    """
    return re.sub(r"[^\S\xa0]+", " ", text).strip()


def as_sentence(text: str) -> str:
    """Return a few words as a sentence: a capital first, a full stop last.

    >>> as_sentence("la copie est illisible"), as_sentence("Illisible !"), as_sentence("")
    ('La copie est illisible.', 'Illisible !', '')
    """
    text = text.strip()
    stop = "." if text and not text.endswith((".", "!", "?", "…")) else ""
    return text[:1].upper() + text[1:] + stop


def is_phone(text: str) -> bool:
    """Whether a person searched by `text` is searched by a phone number, or part of one."""
    return len(phone_digits(text)) >= 3 and not any(char.isalpha() for char in text)


def phone_digits(text: str) -> str:
    """Return the digits of a phone number or of its beginning, without +33, 0033 or leading 0.

    >>> phone_digits("+33 6 12 34 56 78"), phone_digits("0033 6 12 34"), phone_digits("03 53 01")
    ('612345678', '61234', '35301')
    """
    digits = re.sub(r"\D", "", text)
    international = text.strip().startswith("+") or digits.startswith("00")
    if international:
        digits = digits.removeprefix("00")
    if digits.startswith("33") and (international or len(digits) == 11):
        return digits[2:].removeprefix("0")
    return digits if international else digits.removeprefix("0")
