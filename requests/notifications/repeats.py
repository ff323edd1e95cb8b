"""What a day's mail says of requests that come back: a week before, and on their day."""

from datetime import datetime, timedelta

from django.db.models import Q

from massy_grc.users.models import User
from prestations.calendars import PARIS
from requests.enums import LinkKind
from requests.letters.words import full_date
from requests.models import RequestLink, ServiceRequest
from requests.notifications.parts import part

REMINDED = timedelta(days=7)  # before it is opened again
COMING = "Reviennent dans une semaine"
BACK = "Ouvertes de nouveau"


def day_s_repeats(user: User, mine: Q, since: datetime, now: datetime) -> str:
    """Tell whoever follows a recurring request that it comes back soon, then that it is back.

    Each is told once, by the first mail after its moment; "" when there is nothing.

    Args:
        mine: which requests the person answers for.
        since: when the mail before left.
    """
    visible = ServiceRequest.objects.visible_to(user)
    first, last = ((at + REMINDED).astimezone(PARIS).date() for at in (since, now))
    soon = visible.coming_back().filter(mine, repeats_on__gt=first, repeats_on__lte=last)
    links = RequestLink.objects.filter(
        kind=LinkKind.REPEAT,
        undone_at=None,
        created_at__gt=since,
        created_at__lte=now,
        # the new one is told of, even before its department may see it
        other__in=visible.filter(mine),
    )
    coming = [
        f"{_line(one)}, le {full_date(one.repeats_on)}"
        for one in soon.select_related("prestation").order_by("repeats_on", "pk")
    ]
    back = [
        f"{_line(one.request)}, après {one.other.reference}"
        for one in links.select_related("request__prestation", "other")
    ]
    return "\n\n".join(filter(None, [part(BACK, back), part(COMING, coming)]))


def _line(service_request: ServiceRequest) -> str:
    return f"{service_request.reference}, {service_request.prestation.label}"
