"""Every public address; stable, partners and tests rely on them (docs/architecture.md)."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from citizens.views import sign_up
from massy_grc.common.views import healthz, readyz, robots
from prestations.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("prestations.urls")),
    path("", include("citizens.urls")),
    path("", include("requests.urls")),
    path("", include("backoffice.urls")),
    path("", include("massy_grc.outbox.urls")),
    path("compte/", include("massy_grc.users.urls")),
    path("compte/password/reset/", sign_up.password_reset, name="account_reset_password"),
    path(
        "compte/password/reset/done/",
        sign_up.password_reset_done,
        name="account_reset_password_done",
    ),
    path("langue/", set_language, name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("readyz", readyz, name="readyz"),
    path("technique/", admin.site.urls),
]
