"""What a closure changes in the hours of the sites, day by day, before it is kept."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from prestations.models import Closure, Site
from prestations.opening import closures_of, hours_on


@dataclass(frozen=True)
class HoursMoved:
    """The hours of one site on one day, without the closure and with it."""

    site: Site
    day: dt.date
    before: str
    after: str


def hours_moved(closure: Closure, *, instead_of: Closure | None = None) -> list[HoursMoved]:
    """Return the days to come on which a site's hours change: two queries.

    Args:
        closure: not kept yet.
        instead_of: the one whose place it takes; its own days are looked at too.
    """
    today = timezone.localdate()
    spans = [closure, instead_of] if instead_of else [closure]
    first, last = min(one.start for one in spans), max(one.end for one in spans)
    known = Closure.objects.announced().filter(start__lte=last, end__gte=first)
    now = list(known)
    then = [closure, *(one for one in now if instead_of is None or one.pk != instead_of.pk)]
    places = Site.objects.filter(is_active=True)
    if all(one.site_id for one in spans):
        places = places.filter(pk__in=[one.site_id for one in spans])
    days = (first + dt.timedelta(days=one) for one in range((last - first).days + 1))
    sites = list(places)
    found = []
    for day in days:
        if day < today:
            continue
        for site in sites:
            before = hours_on(site.opening_hours, day, closures_of(site.pk, now))
            after = hours_on(site.opening_hours, day, closures_of(site.pk, then))
            if before != after:
                found.append(HoursMoved(site, day, before, after))
    return found
