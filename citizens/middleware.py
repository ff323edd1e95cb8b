"""Citizens' sessions: each belongs to a browser that its owner can see and sign out."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.actions import device_lifetime, seen_device, start_device
from massy_grc.users.forms import REMEMBER_KEY
from massy_grc.users.models import User

DEVICE_KEY = "device"


class CitizenSessionMiddleware:
    """Ends the session of a browser that was signed out, and names the one that signs in.

    Whoever was signed out reads on as a visitor; pages of the account then ask to sign in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = _citizen(request)
        if user and DEVICE_KEY in request.session:
            device_id = request.session[DEVICE_KEY]
            if seen_device(device_id=device_id, user=user, now=timezone.now()) is None:
                logout(request)
                messages.info(
                    request, _("Votre connexion est terminée. Reconnectez-vous pour continuer.")
                )
        response = self.get_response(request)
        user = _citizen(request)
        if user and DEVICE_KEY not in request.session:
            _begin(request, user)  # just signed in
        return response


def _citizen(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_citizen else None


def _begin(request: HttpRequest, user: User) -> None:
    remembered = bool(request.session.pop(REMEMBER_KEY, False))
    device = start_device(
        user=user,
        user_agent=request.headers.get("User-Agent", ""),
        remembered=remembered,
        now=timezone.now(),
    )
    request.session[DEVICE_KEY] = device.pk
    # A session that is not to be remembered also ends with the browser.
    lasts = int(device_lifetime(remembered).total_seconds())
    request.session.set_expiry(lasts if remembered else 0)
