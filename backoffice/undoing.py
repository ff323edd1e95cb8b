"""« Envoyé. Annuler »: what the session knows of its last sending, shown on the pages after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from requests.models import Sending

SESSION_KEY = "sending"


@dataclass(frozen=True)
class Undoable:
    """A sending that its author may still take back."""

    pk: int
    reference: str
    words: str
    until: datetime

    @property
    def milliseconds(self) -> int:
        """How long the page may still offer it."""
        return max(int((self.until - timezone.now()).total_seconds() * 1000), 0)


def offer_undo(request: HttpRequest, sending: Sending, words: str) -> None:
    """Offer it on the next pages of this session, wherever they lead."""
    request.session[SESSION_KEY] = {
        "pk": sending.pk,
        "reference": sending.request.reference,
        "words": words,
        "until": sending.until.isoformat(),
    }


def undoable_of(request: HttpRequest) -> Undoable | None:
    """The last sending of this session, for as long as it may be undone. No query."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return None
    undoable = Undoable(**{**kept, "until": datetime.fromisoformat(kept["until"])})
    return undoable if timezone.now() < undoable.until else None
