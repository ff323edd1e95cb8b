"""The day on which the invented years end, and their requests."""

from datetime import datetime

from prestations.calendars import PARIS
from requests.models import ServiceRequest

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=PARIS)


def requests_of_demo():
    """All requests, with what their lives are read from."""
    return ServiceRequest.objects.select_related("prestation", "form_version").prefetch_related(
        "events"
    )
