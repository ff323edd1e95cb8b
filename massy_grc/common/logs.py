"""What the logs may keep: no bearer link, nothing people searched for, no value of a row."""

import re
from typing import Any

REDACTED = "REDACTED"
# Links that open something by themselves.
BEARER = re.compile(
    r"(/suivi/lien/|/suivi/avis/|/signalements/suivi/|/signalements/arret/|/accords/"
    r"|/demandes/confirmation/|/demandes/ajouter/|/demandes/opposition/"
    r"|/compte/inscription/|/compte/adresse/|/invitation/"
    r"|/lettres-d-information/confirmer/|/lettres-d-information/arret/|/password/reset/key/"
    r"|/prestations/[^/?\s]+/demande/|/accueil/demande/)[^/?\s]+"
)
# And every query string: names are searched for.
_SECRET = re.compile(rf"{BEARER.pattern}|\?\S*")


def redact_addresses(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Structlog processor: cut signed links and query strings out of logged addresses."""
    for key in ("request", "event", "path"):
        value = event.get(key)
        if isinstance(value, str):
            event[key] = _SECRET.sub(lambda match: f"{match[1] or '?'}{REDACTED}", value)
    return event


# PostgreSQL's remarks below a fault repeat the values of the row or of the statement: written out
# with line breaks in a traceback, with their two characters in the name of a fault.
_ROW = re.compile(
    r"(\n|\\n)(DETAIL|CONTEXT|LINE \d+): .*?(?=\n\n(?:The above exception|During handling)|\Z)",
    re.DOTALL,
)


def redact_rows(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Structlog processor: cut what PostgreSQL says of a row's values out of every text."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _ROW.sub(lambda match: f"{match[1]}{match[2]}: {REDACTED}", value)
    return event
