"""Rules for agents' sessions: idle and absolute limits, second factor by policy (R18, R19)."""

from datetime import datetime, timedelta
from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.technical import note_entered
from massy_grc.users.models import User

FREE_PREFIXES = ("/compte/", "/langue/", "/static/", "/healthz", "/readyz")
TECHNICAL = "/technique/"
TOUCH_SECONDS = 30  # the session's last act is written at most this often
SEEN_STEP = timedelta(minutes=5)  # and the person's, which says who is at work today
BY_ITSELF = "X-By-Itself"  # an open page says so where it asks without anybody at the keyboard


class StaffPolicyMiddleware:
    """Ends a session idle or open for too long, and asks for a second factor when policy does.

    An account that was deactivated is already anonymous here: the authentication backend
    refuses it at each request, so that a withdrawn access ends with the next act.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._enforce(request) or self.get_response(request)
        if request.user.is_authenticated and "started_at" not in request.session:
            request.session["started_at"] = timezone.now().timestamp()  # just logged in
        if request.path.startswith(TECHNICAL) and response.status_code == HTTPStatus.OK:
            _note_entered(request)
        return response

    def _enforce(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated or request.user.is_citizen:
            return None
        moment = timezone.now()
        now = moment.timestamp()
        session = request.session
        started = session.get("started_at", now)
        seen = session.get("seen_at", now)
        too_idle = now - seen > settings.STAFF_IDLE_MINUTES * 60
        if too_idle or now - started > settings.STAFF_SESSION_HOURS * 3600:
            logout(request)
            messages.info(request, _("Votre session est terminée. Connectez-vous pour continuer."))
            back = (
                request.get_full_path() if request.method == "GET" else reverse("backoffice:home")
            )
            return redirect_to_login(back)
        if BY_ITSELF not in request.headers:
            if "seen_at" not in session or now - seen > TOUCH_SECONDS:
                session["seen_at"] = now
            _note_seen(request.user, moment)
        if (
            settings.STAFF_MFA_REQUIRED
            and not request.path.startswith(FREE_PREFIXES)
            and not is_mfa_enabled(request.user)
        ):
            messages.info(
                request,
                _("Protégez votre compte par un second facteur pour continuer."),
            )
            return redirect("mfa_activate_totp")
        return None


def _note_seen(user: User, now: datetime) -> None:
    if user.seen_at is None or now - user.seen_at > SEEN_STEP:
        User.objects.filter(pk=user.pk).update(seen_at=now)


def _note_entered(request: HttpRequest) -> None:
    """Once a session: who is let in sees the program's tables as they are."""
    if request.user.is_staff and not request.session.get("entered"):
        note_entered(request.user)
        request.session["entered"] = True
