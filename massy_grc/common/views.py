"""Health, and the page a refused form token gets."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from massy_grc.common.antivirus import antivirus_state


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and is migrated (503 otherwise); cache and antivirus are told."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
        database = "ok"
    except Exception as error:  # any failure means "not ready"
        database = type(error).__name__
    cache.set("readyz", "ok", 10)
    state = {
        "status": "ok" if database == "ok" else "unavailable",
        "database": database,
        "cache": "ok" if cache.get("readyz") == "ok" else "unavailable",
        "antivirus": antivirus_state().word,
    }
    return JsonResponse(state, status=200 if database == "ok" else 503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone; pages about one person say it themselves (noindex)."""
    closed = ("/agent/", "/pilotage/", "/compte/", "/technique/", "/langue/", "/c/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say plainly what to do when a form's token is refused; nothing typed is lost on Back."""
    return render(request, "403_csrf.html", status=403)
