"""What is told about the day of the answer; once it has passed, that the answer is late."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from massy_grc.common.words import date_words
from prestations.calendars import PARIS
from prestations.enums import SilenceEffect
from requests.deadlines import accepted_on
from requests.enums import PAUSED_STATES, STOPPED_STATES
from requests.letters.words import full_date
from requests.models import PieceRequest, ServiceRequest


def awaits_answer(service_request: ServiceRequest) -> bool:
    """Whether the town still owes an answer by the announced day."""
    return service_request.state not in STOPPED_STATES and service_request.answered_at is None


def is_late(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether the announced day has passed."""
    return service_request.due_at < now


def promise(service_request: ServiceRequest, now: datetime) -> str:
    """When the answer comes, in the reader's language."""
    return _sentence(is_late(service_request, now), date_words(service_request.due_at))


def is_suspended(service_request: ServiceRequest, owed: Iterable[PieceRequest]) -> bool:
    """Whether the clock stands still for what is `owed`, or will as soon as it is routed."""
    return service_request.state in PAUSED_STATES or any(piece.is_answer for piece in owed)


def told_day(service_request: ServiceRequest, owed: Iterable[PieceRequest], now: datetime) -> str:
    """What is said of the day of the answer: no day while the clock stands, nothing once given."""
    if is_suspended(service_request, owed):
        return _("Délai suspendu jusqu’à réception de ce qui est demandé.")
    return promise(service_request, now) if awaits_answer(service_request) else ""


def promise_in_letter(service_request: ServiceRequest, now: datetime) -> str:
    """The same as letters say it: in French, the year always told."""
    with override("fr"):
        return _sentence(is_late(service_request, now), full_date(service_request.due_at))


def silence_words(service_request: ServiceRequest, now: datetime) -> str:
    """What the law makes of the town's silence, beside the day of the answer; "" when nothing.

    Told when it comes before the announced day, or when that day has passed: the two dates then
    seem to contradict each other. What silence has refused is told with its remedies elsewhere.
    (CRPA L231-1, L231-4; not while missing documents stop the clock, L114-5.)
    """
    today, decided = now.astimezone(PARIS).date(), service_request.implicit_decision_at
    announced = service_request.due_at.astimezone(PARIS).date()
    if decided is None or service_request.legal_paused_at or not awaits_answer(service_request):
        return ""
    if announced < decided and not is_late(service_request, now):
        return ""
    day = {"day": date_words(decided)}
    if service_request.silence_effect == SilenceEffect.ACCEPTATION:
        accepted = _(
            "Sans réponse de notre part le %(day)s, la loi considère votre demande comme acceptée."
        )
        certificate = (
            _("Vous pouvez nous demander une attestation.")
            if accepted_on(service_request, today)
            else _("Vous pourrez nous demander une attestation.")
        )
        return f"{accepted % day} {certificate}"
    if decided <= today:
        return ""
    return (
        _(
            "Sans réponse de notre part le %(day)s, la loi considère votre demande comme refusée. "
            "Nous vous répondons quand même. Vous pourrez aussi demander les motifs et contester."
        )
        % day
    )


def _sentence(late: bool, day: str) -> str:
    if late:
        return _(
            "La réponse a du retard : elle était prévue au plus tard le %(day)s. "
            "Nous vous répondons dès que possible."
        ) % {"day": day}
    return _("Réponse prévue au plus tard le %(day)s.") % {"day": day}
