"""Addresses of the account pages that agents and citizens share, and nothing else.

Named one by one: allauth's pages on which people manage their own addresses or sign up stay
out. An agent's address belongs to the administrator; a citizen's has pages in `citizens`, like
the mail for a forgotten password.
"""

from allauth.account import views
from allauth.account.decorators import reauthentication_required
from django.urls import include, path, re_path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path(
        "password/set/", reauthentication_required(views.password_set), name="account_set_password"
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]
