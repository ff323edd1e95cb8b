"""Log-in rules on top of allauth: its sign-up stays closed, wrong passwords are limited."""

from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massy_grc.common.throttle import client_address, refund, spend
from massy_grc.users.limits import LOGIN_PAIR, LOGIN_VISITOR, PASSWORDS, pair, too_many

FRESH_LOGIN = timedelta(minutes=10)
STARTED_KEY = "started_at"  # in the session: when its owner last proved who they are


class AccountAdapter(DefaultAccountAdapter):
    """Limits wrong passwords in PostgreSQL in place of the cache.

    Agents are invited and citizens sign up by a mailed link: allauth's own sign-up is closed.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "Cette adresse électronique et ce mot de passe ne vont pas ensemble. Vérifiez-les."
        ),
        "incorrect_password": _("Ce mot de passe n’est pas le bon. Vérifiez-le."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel. Vérifiez-le."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as written: a host name in brackets tells an agent nothing."""
        return subject

    def pre_authenticate(self, request, **credentials) -> None:
        """Count the attempt before the password is looked at; 429 when there were too many."""
        now = timezone.now()
        wait = max(
            spend(LOGIN_PAIR, pair(request, credentials.get("email", "")), now),
            spend(LOGIN_VISITOR, client_address(request), now),
        )
        if wait:
            raise ImmediateHttpResponse(too_many(request, wait, PASSWORDS))

    def authenticate(self, request, **credentials):
        """Check the password; a right one gives the attempt back."""
        now = timezone.now()
        user = super().authenticate(request, **credentials)
        if user is not None:
            refund(LOGIN_PAIR, pair(request, credentials.get("email", "")), now)
            refund(LOGIN_VISITOR, client_address(request), now)
        return user

    def is_reauthentication_required(self, app: str) -> bool:
        """Whether a setting asks for the password again: not within minutes of the log-in."""
        started = context.request.session.get(STARTED_KEY, 0)
        return timezone.now().timestamp() - started > FRESH_LOGIN.total_seconds()

    def reauthenticate(self, user, password: str) -> bool:
        """Check the password of the person already logged in, by the address they log in with."""
        known = self.authenticate(context.request, email=user.email, password=password)
        return known is not None and known.pk == user.pk
