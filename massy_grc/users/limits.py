"""The limits of the account's doors, and the page that asks to wait.

Each counts by visitor, or by visitor and account together: nobody can lock somebody else out
(R18, docs/adr/0005-one-login-throttle.md).
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from massy_grc.common.throttle import Limit, client_address, spend

# Failures only.
LOGIN_PAIR = Limit("login-pair", attempts=8, window=timedelta(minutes=5))
LOGIN_VISITOR = Limit("login-visitor", attempts=60, window=timedelta(minutes=15))
# Every mail asked for counts.
MAIL_PAIR = Limit("account-mail-pair", attempts=4, window=timedelta(minutes=30))
MAIL_VISITOR = Limit("account-mail-visitor", attempts=20, window=timedelta(hours=1))


def mail_wait(request: HttpRequest, email: str) -> int:
    """Count one mail asked for at `email`; return 0, or the seconds to wait."""
    now = timezone.now()
    address = client_address(request)
    return max(
        spend(MAIL_PAIR, pair(request, email), now),
        spend(MAIL_VISITOR, address, now),
    )


def pair(request: HttpRequest, email: str) -> str:
    """The visitor and the account they try, as one source."""
    return f"{client_address(request)} {email.strip().lower()}"


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The page « too many attempts »: 429, and when to come back.

    Args:
        wait: seconds.
    """
    page = render(request, "account/too_many.html", {"minutes": -(-wait // 60)}, status=429)
    page["Retry-After"] = str(wait)
    return page
