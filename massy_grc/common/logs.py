"""What the logs may keep of an address: neither bearer links nor what people searched for."""

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
