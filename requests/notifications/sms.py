"""What says that a letter has come, as its reader chose in their space: an SMS, or an agent."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse

from citizens.enums import NewsChannel
from massy_grc.outbox.api import queue_delivery, sms_is_possible
from prestations.calendars import PARIS
from requests.letters.context import town_or_default
from requests.letters.documents import SIGNED_LINK
from requests.letters.rendering import Rendered
from requests.models import ServiceRequest

REPLY = "reply"  # the kind of news whose way the request itself says
MORNING, EVENING = time(8), time(20)  # nobody is woken up


def mobile_of(service_request: ServiceRequest, news: str) -> str:
    """The number to which an SMS tells this kind of news; "" when none does.

    Args:
        news: a `News`; the space knows a preference for `progress` and `documents`.
    """
    citizen = service_request.citizen
    if not (service_request.account_id and citizen and sms_is_possible()):
        return ""
    wanted = getattr(citizen, f"{news}_channel", "") == NewsChannel.SMS
    return citizen.mobile if wanted else ""


def way_to_tell(service_request: ServiceRequest, news: str) -> str:
    """By which way an agent tells this kind of news; "" when none does.

    Whoever follows the request in their space chose it there, or on the form for the answer.
    """
    citizen = service_request.citizen
    if not (service_request.account_id and citizen):
        return ""
    chosen = getattr(citizen, f"{news}_channel", "")
    if news == REPLY:
        chosen = service_request.reply_channel
    if chosen == NewsChannel.TELEPHONE:
        return chosen if citizen.phone else ""
    return chosen if chosen == NewsChannel.GUICHET else ""


def sms_words(service_request: ServiceRequest, rendered: Rendered) -> str:
    """The template's own words for an SMS, else the subject and where to read the letter.

    The link opens for who is signed in: a telephone is lent, and its number given again.
    """
    path = reverse("requests:track", args=[service_request.reference])
    link = f"{settings.PUBLIC_URL}{path}"
    if rendered.sms_body:
        return SIGNED_LINK.sub(link, rendered.sms_body)
    return f"{town_or_default().name}, {rendered.subject} {link}"


def queue_sms(
    service_request: ServiceRequest, rendered: Rendered, *, to: str, key: str, now: datetime
) -> None:
    """Queue what an SMS says of a letter; it leaves by day."""
    queue_delivery(
        key=f"{key}:sms",
        channel="sms",
        to=to,
        subject=rendered.subject,
        body=sms_words(service_request, rendered),
        about=f"request:{service_request.pk}",
        not_before=daytime(now),
    )


def daytime(now: datetime) -> datetime:
    """Return `now`, or the next morning when it is night in Paris."""
    local = now.astimezone(PARIS)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return datetime.combine(day, MORNING, tzinfo=PARIS)
