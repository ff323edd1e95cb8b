"""The language switch of a filing step: a button of its form, so that nothing typed is lost."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PREFIX = "langue:"
SameSite = Literal["Lax", "Strict", "None"]  # the setting is a str to the checker


def asked_language(request: HttpRequest) -> str:
    """The language whose button was pressed (``action=langue:en``); blank for any other button."""
    action = request.POST.get("action", "")
    language = action.removeprefix(PREFIX) if action.startswith(PREFIX) else ""
    return language if language in dict(settings.LANGUAGES) else ""


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the choice in the cookie that `set_language` uses; a blank one changes nothing."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=cast("SameSite", settings.LANGUAGE_COOKIE_SAMESITE),
        )
    return response
