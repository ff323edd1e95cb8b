"""What two records of one person have in common, as keys that an index finds.

A record carries its keys in `Citizen.match_keys` (GIN): whoever shares one with it is looked at,
nobody else. A key says nothing alone; `citizens.likeness` weighs what both records hold.
"""

import re
from datetime import date

from massy_grc.common.sounds import said
from massy_grc.common.text import fold

TOO_SHORT = 6  # digits: an extension, not a number
PARTICLES = frozenset(
    ["de", "des", "du", "da", "dos", "van", "von", "ben", "el", "al", "le", "la", "les"]
)
_STREET = re.compile(r"(?P<number>\d+)\s*(?:bis|ter|quater|[a-d])?\b[,\s]+(?P<street>[^,;\n]+)")
_REST = re.compile(r"\b\d{5}\b.*")


def name_words(name: str) -> list[str]:
    """The words of a folded name that tell people apart."""
    return [word for word in re.split(r"[^a-z0-9]+", fold(name)) if word]


def telling_parts(name: str) -> list[str]:
    """The whole name, and each word of a name of several: « Dupont-Durand », « Anne Marie »."""
    words = name_words(name)
    parts = [word for word in words if len(word) > 2 and word not in PARTICLES]
    return [name, *parts] if len(words) > 1 else [name] if words else []


def address_key(address: str) -> str:
    """A postal address, however it is written: the number and the last word of the street.

    >>> address_key("3, rue J. Mermoz - 91300 MASSY"), address_key("3 rue Jean Mermoz, Massy")
    ('3 mermoz', '3 mermoz')
    """
    found = _STREET.search(fold(address))
    if found is None:
        return ""
    words = name_words(_REST.sub("", found["street"]))
    return f"{found['number']} {words[-1]}" if words else ""


def day_key(born: date) -> str:
    """A birth date whose day and month may have been taken for one another."""
    first, second = sorted((born.day, born.month))
    return f"{born.year}-{first:02}-{second:02}"


def match_keys(person) -> list[str]:
    """Return the keys of a record, sorted.

    Names by their sound, family and given name in either order, with each part of a compound
    name; birth dates with one of the names; telephone, e-mail and address.
    """
    families = {
        said(part)
        for name in (person.family_name, person.usage_name)
        for part in telling_parts(name)
    } - {""}
    given = {said(part) for part in telling_parts(person.given_name)} - {""}
    keys = {"n:" + "/".join(sorted((one, other))) for one in families for other in given}
    if not given:
        keys |= {f"n:{one}" for one in families}
    if person.birth_date:
        keys |= {f"b:{day_key(person.birth_date)}/{name}" for name in families | given}
    if len(person.phone_key) >= TOO_SHORT:
        keys.add(f"t:{person.phone_key}")
    if person.email:
        keys.add(f"e:{person.email.lower()}")
    if address := address_key(person.address):
        keys.add(f"a:{address}")
    return sorted(keys)
