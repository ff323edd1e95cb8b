"""The door of Django's own administration: ours, and a page that says why it stays shut."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class TechnicalSite(AdminSite):
    """Django's own administration, for whom has the right and a second factor."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person has the right and a second factor, which no setting spares here."""
        user = request.user
        return user.is_active and user.is_staff and is_mfa_enabled(user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Let in through our log-in page only: same limits, same second factor.

        Somebody who is logged in without the right or the factor reads why, and what to do.
        """
        user = request.user
        if not user.is_authenticated or self.has_permission(request):
            return secure_admin_login(super().login)(request, extra_context=extra_context)
        context = {
            "has_right": user.is_staff,
            "second_factor": is_mfa_enabled(user),
            "is_agent": not user.is_citizen,
        }
        return render(request, "403_technical.html", context, status=403)
