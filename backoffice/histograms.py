"""Treatment times as buckets, fine enough for a median and a 90th percentile.

Bucket 0 ends at five minutes; each next one ends 5 % later (bucket 100: 11 hours, 176: 19 days,
251: two years). A percentile is told as the geometric middle of its bucket, so it is at most
2.5 % away from the exact value.
"""

import math
from collections.abc import Mapping

from django.db.models import Expression, F, FloatField, SmallIntegerField, Value
from django.db.models.functions import Cast, Ceil, Greatest, Ln

FIRST_EDGE = 300.0  # seconds
RATIO = 1.05


def bucket_of(seconds: Expression | F) -> Cast:
    """SQL: the bucket that a number of seconds falls into."""
    beyond = Greatest(seconds, Value(FIRST_EDGE, FloatField())) / Value(FIRST_EDGE, FloatField())
    return Cast(Ceil(Ln(beyond) / Value(math.log(RATIO), FloatField())), SmallIntegerField())


def seconds_of(bucket: int) -> float:
    """The geometric middle of `bucket`, in seconds; of bucket 0, its half."""
    if bucket == 0:
        return FIRST_EDGE / 2
    return FIRST_EDGE * RATIO ** (bucket - 0.5)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The time within which `share` of the requests were treated, in seconds.

    Args:
        counts: how many requests in each bucket.
        share: 0.5 for the median, 0.9 for the 90th percentile (nearest rank).

    Returns:
        None without any request.
    """
    total = sum(counts.values())
    if not total:
        return None
    rank, seen = math.ceil(share * total), 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= rank:
            return seconds_of(bucket)
    raise AssertionError("the ranks of a histogram add up to its total")
