"""What was sent on to other administrations in the period, by administration (CRPA L114-2)."""

from django.db.models import Count

from backoffice.dashboard.links import Lists, Number
from backoffice.dashboard.reading import Selection
from prestations.calendars import midnight, midnight_after
from prestations.models import Authority
from requests.models import ServiceRequest


def forwarded_in(selection: Selection) -> list[tuple[Authority, Number]]:
    """Return each administration with how many requests went to it, most first; two queries."""
    lists, period = Lists(selection), selection.period
    rows = selection.narrowed(ServiceRequest.objects.all()).filter(
        forwarded_to__isnull=False,
        closed_at__gte=midnight(period.first),
        closed_at__lt=midnight_after(period.last),
    )
    counted = rows.order_by().values_list("forwarded_to").annotate(number=Count("*"))
    counts = sorted(counted, key=lambda row: (-row[1], row[0]))
    known = Authority.objects.in_bulk([code for code, _number in counts])
    return [
        (known[code], Number(number, lists.closed(administration=code))) for code, number in counts
    ]
