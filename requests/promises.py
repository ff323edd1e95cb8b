"""What is told about the day of the answer; once it has passed, that the answer is late."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from massy_grc.common.words import date_words
from requests.enums import STOPPED_STATES
from requests.letters.words import full_date
from requests.models import ServiceRequest


def awaits_answer(service_request: ServiceRequest) -> bool:
    """Whether the town still owes an answer by the announced day."""
    return service_request.state not in STOPPED_STATES and service_request.answered_at is None


def is_late(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether the announced day has passed."""
    return service_request.due_at < now


def promise(service_request: ServiceRequest, now: datetime) -> str:
    """When the answer comes, in the reader's language."""
    return _sentence(is_late(service_request, now), date_words(service_request.due_at))


def promise_in_letter(service_request: ServiceRequest, now: datetime) -> str:
    """The same as letters say it: in French, the year always told."""
    with override("fr"):
        return _sentence(is_late(service_request, now), full_date(service_request.due_at))


def _sentence(late: bool, day: str) -> str:
    if late:
        return _(
            "La réponse a du retard : elle était prévue au plus tard le %(day)s. "
            "Nous vous répondons dès que possible."
        ) % {"day": day}
    return _("Réponse prévue au plus tard le %(day)s.") % {"day": day}
