"""The door of Django's own administration: ours, and a page that says why it stays shut."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def may_use_technical(request: HttpRequest) -> bool:
    """Whether the person has the right and a second factor, which no setting spares here."""
    user = request.user
    return user.is_active and user.is_staff and is_mfa_enabled(user)


def technical_login(login: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in through our log-in page only: same limits, same second factor.

    Somebody who is logged in without the right or the factor reads why, and what to do.
    """
    secured = secure_admin_login(login)

    @wraps(login)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or may_use_technical(request):
            return secured(request, *args, **kwargs)
        context = {
            "has_right": user.is_staff,
            "second_factor": is_mfa_enabled(user),
            "is_agent": not user.is_citizen,
        }
        return render(request, "403_technical.html", context, status=403)

    return guarded
