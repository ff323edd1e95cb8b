"""What every answer says to browsers and search engines."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
REFERENCE = "2026-000001-1"


@pytest.mark.parametrize(
    "path",
    [
        "/agent/",
        "/pilotage/",
        "/compte/login/",
        f"/demandes/{REFERENCE}/",
        "/demandes/confirmation/x/",
        "/suivi/lien/x/",
        "/fichiers/1/",
        "/prestations/voirie-graffitis/demande/5f8e7f0e-9a55-4a0a-b7c5-7b6c7fb1d0a1/1/",
    ],
)
def test_private_page_is_not_indexed(client, catalogue, path):
    assert client.get(path)["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["/", "/prestations/voirie-graffitis/", "/suivi/", "/robots.txt"])
def test_public_page_may_be_found(client, catalogue, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_robots_leave_the_staff_pages_alone(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert "Disallow: /agent/" in answer.content.decode()


def test_language_cookie_is_kept_from_scripts_and_other_sites(client):
    cookie = client.post("/langue/", {"language": "en", "next": "/"}).cookies["django_language"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.LANGUAGE_COOKIE_SECURE is settings.PRODUCTION


def test_refused_token_page_says_how_to_get_the_text_back(catalogue):
    page = Client(enforce_csrf_checks=True).post("/suivi/", {"reference": "x"})
    assert page.status_code == 403
    assert "Le bouton Retour du navigateur ramène votre texte" in page.content.decode()
