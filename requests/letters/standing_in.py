"""Which letter leaves where the one that the catalogue names may not: a general one.

An imported catalogue may name a letter that waits for its first approval; one taken out of use
may still be named by a prestation that is over.
"""

from prestations.enums import LetterUse
from prestations.models import LetterTemplate

ACKNOWLEDGEMENT = "accuse-reception-simple"
GENERAL = {LetterUse.FAVOURABLE: "decision-favorable", LetterUse.REFUSAL: "decision-refus"}


def in_use(code: str, instead: str) -> LetterTemplate:
    """Return the letter `code` while it is in use, else the general one `instead`.

    Raises:
        KeyError: neither is known.
    """
    found = LetterTemplate.objects.in_bulk([code, instead])
    named = found.get(code)
    return named if named is not None and named.is_active else found[instead]
