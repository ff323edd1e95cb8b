"""Limits on attempts, counted in PostgreSQL.

Not in the cache: a limit that guards people's files must hold while Redis is away or has been
flushed (R13, R18). One small row per source and window, and only doors that strangers may try
are counted, so this costs one upsert per attempt.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from massy_grc.common.models import AttemptCount

_SPEND = """
INSERT INTO common_attemptcount (scope, key, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, key, "window") DO UPDATE SET count = common_attemptcount.count + 1
RETURNING count
"""
_REFUND = """
UPDATE common_attemptcount SET count = count - 1
WHERE scope = %s AND key = %s AND "window" = %s AND count > 0
"""


@dataclass(frozen=True)
class Limit:
    """At most `attempts` of one kind (`scope`) by one source in each `window`."""

    scope: str
    attempts: int
    window: timedelta

    def ends(self, now: datetime) -> datetime:
        """When the window that contains `now` is over."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)

    def key(self, source: str) -> str:
        return salted_hmac(f"throttle.{self.scope}", source, algorithm="sha256").hexdigest()


def spend(limit: Limit, source: str, now: datetime) -> int:
    """Count one attempt by `source` and tell whether it may go on.

    Counted before anything is looked at, so that parallel attempts cannot slip through.

    Returns:
        0 when the attempt is allowed, else the seconds to wait.
    """
    ends = limit.ends(now)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [limit.scope, limit.key(source), ends])
        count = cursor.fetchone()[0]
    if count == 1:
        AttemptCount.objects.filter(window__lt=now).delete()
    if count <= limit.attempts:
        return 0
    return max(1, int((ends - now).total_seconds()))


def refund(limit: Limit, source: str, now: datetime) -> None:
    """Give one attempt back: it succeeded, and only failures are to be limited."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUND, [limit.scope, limit.key(source), limit.ends(now)])


def client_address(request: HttpRequest) -> str:
    """The visitor's address as the log-in's own limits see it; an IPv6 one by its /64 network."""
    address = get_adapter(request).get_client_ip(request)
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
