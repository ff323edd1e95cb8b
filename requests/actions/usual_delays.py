"""What the last three months tell of each prestation: how long it took, how much it is asked."""

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Aggregate, Count, FloatField
from django.utils import timezone

from prestations.models import Prestation
from requests.enums import State
from requests.figures import treatment_seconds
from requests.models import ServiceRequest

LATELY = timedelta(days=90)
ENOUGH = 10  # fewer closings say nothing
SHARE = 0.9
DAY = timedelta(days=1).total_seconds()


class _Percentile(Aggregate):
    """The value that `SHARE` of the rows do not exceed."""

    function = "percentile_disc"
    template = f"%(function)s({SHARE}) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@transaction.atomic
def refresh_usual_delays(*, now: datetime | None = None) -> int:
    """Write each prestation's usual delay, in days, waiting for the requester left out.

    A prestation with fewer than `ENOUGH` closings in the last `LATELY` gets none. Withdrawn and
    cancelled requests count for nothing.

    Returns:
        How many prestations have one now.
    """
    now = now or timezone.now()
    rows = (
        ServiceRequest.objects.filter(
            state=State.CLOSE, closed_at__gt=now - LATELY, closed_at__lte=now
        )
        .annotate(seconds=treatment_seconds())
        .order_by()
        .values("prestation")
        .annotate(closings=Count("*"), slowest=_Percentile("seconds"))
        .filter(closings__gte=ENOUGH)
        .values_list("prestation", "slowest")
    )
    days = {code: max(1, math.ceil(seconds / DAY)) for code, seconds in rows}
    prestations = list(Prestation.objects.only("pk", "usual_days"))
    changed = [one for one in prestations if one.usual_days != days.get(one.pk)]
    for prestation in changed:
        prestation.usual_days = days.get(prestation.pk)
    Prestation.objects.bulk_update(changed, ["usual_days"])
    return len(days)


def demand_lately(*, now: datetime) -> dict[str, int]:
    """Return how many requests arrived for each prestation in the last `LATELY`, by its code."""
    rows = (
        ServiceRequest.objects.filter(arrived_at__gt=now - LATELY, arrived_at__lte=now)
        .order_by()
        .values_list("prestation")
        .annotate(requests=Count("*"))
    )
    return dict(rows)
