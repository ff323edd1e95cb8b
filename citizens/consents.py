"""The texts people agree to, each with its version. A published version never changes.

A test keeps the digest of every version: to change a text, add a version. What somebody agreed
to can so be shown word for word, years later.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citizens.enums import ConsentKind


@dataclass(frozen=True)
class ConsentText:
    """One version of what is agreed to."""

    kind: ConsentKind
    version: int
    since: date
    text: str | Promise


TEXTS = (
    ConsentText(
        ConsentKind.SATISFACTION,
        1,
        date(2026, 11, 25),
        _("La mairie peut m’écrire après une demande pour savoir si j’en suis satisfait."),
    ),
    ConsentText(
        ConsentKind.FOLLOW,
        1,
        date(2026, 11, 25),
        _("La mairie peut m’écrire quand un signalement que je suis avance."),
    ),
    ConsentText(
        ConsentKind.NEWSLETTER,
        1,
        date(2026, 11, 25),
        _("La mairie peut m’envoyer ses lettres d’information par courriel."),
    ),
)


def current_text(kind: ConsentKind | str) -> ConsentText:
    """Return the version in force of what is asked."""
    versions = [text for text in TEXTS if text.kind == kind]
    return max(versions, key=lambda text: text.version)
