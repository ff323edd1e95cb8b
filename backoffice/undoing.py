"""« Envoyé. Annuler »: what the session knows of its last sending, shown on the pages after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_KEY = "sending"


@dataclass(frozen=True)
class Undoable:
    """A sending that its author may still take back."""

    url: str
    words: str
    until: datetime

    @property
    def milliseconds(self) -> int:
        """How long the page may still offer it."""
        return max(int((self.until - timezone.now()).total_seconds() * 1000), 0)


def offer_undo(request: HttpRequest, url: str, words: str, until: datetime) -> None:
    """Offer it on the next pages of this session, wherever they lead.

    Args:
        url: where the button posts to.
        words: what was sent, without a final point.
        until: when it leaves.
    """
    request.session[SESSION_KEY] = {"url": url, "words": words, "until": until.isoformat()}


def withdraw_offer(request: HttpRequest) -> None:
    """The button was pressed: nothing more is offered."""
    request.session.pop(SESSION_KEY, None)


def undoable_of(request: HttpRequest) -> Undoable | None:
    """The last sending of this session, for as long as it may be undone. No query."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return None
    undoable = Undoable(**{**kept, "until": datetime.fromisoformat(kept["until"])})
    return undoable if timezone.now() < undoable.until else None
