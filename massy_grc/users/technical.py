"""The door of Django's own administration: ours, and a page that says why it stays shut."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def technical_login(login: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in through our log-in page only: same limits, same second factor.

    Somebody who is logged in without that right reads why, and what to do.
    """
    secured = secure_admin_login(login)

    @wraps(login)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or user.is_staff:
            return secured(request, *args, **kwargs)
        context = {"second_factor": is_mfa_enabled(user), "is_agent": not user.is_citizen}
        return render(request, "403_technical.html", context, status=403)

    return guarded
