"""Browsers for the fixed cast of tests/conftest.py."""

import pytest
from django.test import Client

from prestations.models import PostType, Site

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user, *, post: str | None = "guichet", **options) -> Client:
    """A browser in which `user` is logged in and sits at `post` (None: not chosen yet)."""
    client = Client(**options)
    client.force_login(user, BACKEND)
    if post:
        site, post_type = Site.objects.get(pk="mairie-annexe"), PostType.objects.get(pk=post)
        session = client.session
        session["post"] = {
            "site": site.code,
            "post_type": post_type.code,
            "site_label": site.label,
            "post_label": post_type.label,
        }
        session.save()
    return client


@pytest.fixture
def front(eas_agent):
    """The front-office agent's browser."""
    return client_of(eas_agent)


@pytest.fixture
def expert_browser(expert):
    return client_of(expert, post=None)
