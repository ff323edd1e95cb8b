"""The limits of the account's doors, and the page that asks to wait.

Each counts by visitor, or by visitor and account together: nobody can lock somebody else out
(R18, docs/adr/0005-one-login-throttle.md).
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from massy_grc.common.throttle import Limit, client_address, refund, spend

# Failures only.
LOGIN_PAIR = Limit("login-pair", attempts=8, window=timedelta(minutes=5))
LOGIN_VISITOR = Limit("login-visitor", attempts=60, window=timedelta(minutes=15))
# Codes of the second factor. Whoever is asked for one knows the password: so the account counts
# from everywhere too, and only its owner or a thief can use that up.
CODE_PAIR = Limit("second-factor-pair", attempts=8, window=timedelta(minutes=5))
CODE_ACCOUNT = Limit("second-factor-account", attempts=40, window=timedelta(hours=1))
# Every mail asked for counts, the second one whichever page is asked.
MAIL_PAIR = Limit("account-mail-pair", attempts=4, window=timedelta(minutes=30))
MAIL_VISITOR = Limit("mail-visitor", attempts=20, window=timedelta(hours=1))

PASSWORDS = _(
    "Trop de mots de passe faux ont été essayés depuis votre connexion internet. "
    "Votre compte n’est pas bloqué."
)
CODES = _("Trop de codes faux ont été essayés à la suite. Votre compte n’est pas bloqué.")
MAILS = _(
    "Trop de messages ont été demandés à la suite depuis votre connexion internet. "
    "Ceux qui sont partis arrivent : regardez aussi les courriers indésirables."
)


def mail_wait(request: HttpRequest, email: str) -> int:
    """Count one mail asked for at `email`; return 0, or the seconds to wait."""
    now = timezone.now()
    return max(spend(MAIL_PAIR, pair(request, email), now), visitor_mail_wait(request))


def visitor_mail_wait(request: HttpRequest) -> int:
    """Count one mail that this visitor makes the site send; return 0, or the seconds to wait."""
    return spend(MAIL_VISITOR, client_address(request), timezone.now())


def code_wait(request: HttpRequest, user_id: int) -> int:
    """Count one code tried for an account; return 0, or the seconds to wait."""
    now = timezone.now()
    return max(
        spend(CODE_PAIR, pair(request, str(user_id)), now),
        spend(CODE_ACCOUNT, str(user_id), now),
    )


def right_code(request: HttpRequest, user_id: int) -> None:
    """Give the try back: only wrong codes are limited."""
    now = timezone.now()
    refund(CODE_PAIR, pair(request, str(user_id)), now)
    refund(CODE_ACCOUNT, str(user_id), now)


def pair(request: HttpRequest, email: str) -> str:
    """The visitor and the account they try, as one source."""
    return f"{client_address(request)} {email.strip().lower()}"


def too_many(request: HttpRequest, wait: int, what: str | Promise) -> HttpResponse:
    """The page « too many attempts »: 429, what happened, and when to come back.

    Args:
        wait: seconds.
        what: `PASSWORDS`, `CODES` or `MAILS`.
    """
    context = {"minutes": -(-wait // 60), "what": what, "forgotten": what is PASSWORDS}
    page = render(request, "account/too_many.html", context, status=429)
    page["Retry-After"] = str(wait)
    return page
