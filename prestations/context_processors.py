"""What every page shows of the town."""

from django.core.cache import cache
from django.http import HttpRequest

from prestations.models import Town


def current_town() -> Town | None:
    """Return the town's row, read once a minute; None before the first load."""
    row = cache.get("town")
    if row is None:
        row = Town.objects.first()
        cache.set("town", row, 60)
    return row


def town(request: HttpRequest) -> dict:
    """Add `town` (name, phone, e-mail) to every page."""
    return {"town": current_town()}
