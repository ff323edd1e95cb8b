"""A real, certified OpenID provider in FranceConnect's shape, and a person who uses it."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.oidc.server import CLIENT_ID, CLIENT_SECRET, provider

START = "/compte/franceconnect/"
TERMS = "/compte/franceconnect/conditions/"


@pytest.fixture(scope="package")
def issuer():
    with provider(django_settings.PUBLIC_URL) as address:
        yield address


@pytest.fixture
def franceconnect(settings, issuer):
    """FranceConnect is configured, as the environment would do it."""
    settings.FRANCECONNECT = {
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "acr": "eidas1",
    }
    return issuer


@dataclass
class Person:
    """A browser at the town's site and at the provider's."""

    client: Client

    def goes_to_franceconnect(self, who: str, path: str = START) -> str:
        """Sign in at the provider as `who`; return the address it sends the browser back to."""
        address = f"{self.client.get(path).url}&login_hint={who}"
        with httpx.Client(timeout=60) as browser:
            for _ in range(10):
                answer = browser.get(address)
                assert answer.is_redirect, answer.text
                address = urljoin(address, answer.headers["location"])
                if "/compte/franceconnect/retour/" in address:
                    parts = urlsplit(address)
                    return f"{parts.path}?{parts.query}"
        raise AssertionError("the provider never sent the browser back")

    def arrives(self, who: str, path: str = START):
        """The page on which the browser ends."""
        return self.client.get(self.goes_to_franceconnect(who, path), follow=True)

    def signs_in(self, who: str, path: str = START):
        """Arrive, and accept the terms where they are shown."""
        page = self.arrives(who, path)
        if page.request["PATH_INFO"] == TERMS:
            return self.client.post(TERMS, {"terms": "on"}, follow=True)
        return page


@pytest.fixture
def person(franceconnect) -> Person:
    return Person(Client())
