"""Logs keep no link that opens something by itself, and nothing people searched for."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from massy_grc.common.logs import BEARER, redact_addresses
from tests.massy_grc.users.test_account_routes import named_routes


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("GET /suivi/lien/abc:def:ghi/", "GET /suivi/lien/REDACTED/"),
        (
            "GET /demandes/confirmation/abc:def/recu.pdf",
            "GET /demandes/confirmation/REDACTED/recu.pdf",
        ),
        ("GET /signalements/arret/abc:def/", "GET /signalements/arret/REDACTED/"),
        ("GET /agent/recherche/?q=Lemaire", "GET /agent/recherche/?REDACTED"),
        ("GET /prestations/", "GET /prestations/"),
    ],
)
def test_addresses_are_redacted(logged, kept):
    assert redact_addresses(None, "info", {"request": logged})["request"] == kept


def test_every_signed_or_keyed_address_is_redacted():
    """Each route that carries a token, whichever app it is of."""
    for path, _name in named_routes(get_resolver().url_patterns):
        given = re.sub(r"\(\?P<(signed|token|key)>[^)]*\)", "SECRET", path)
        given = re.sub(r"<(str|uuid):(signed|token|key)>", "SECRET", given)
        if "SECRET" in given and not path.startswith("technique/"):
            address = "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", given)
            logged = redact_addresses(None, "info", {"event": f"Not Found: {address}"})["event"]
            assert "SECRET" not in logged, path


def test_the_proxy_s_log_cuts_the_same_addresses_and_keeps_no_other_copy_of_them():
    written = (Path(settings.BASE_DIR) / "deploy/Caddyfile").read_text()
    (pattern,) = re.findall(r"request>uri regexp `(.*)`", written)
    assert pattern == rf"{BEARER.pattern}|[?].*"
    for copy in ("request>headers>Referer", "request>headers>Cookie", "resp_headers>Location"):
        assert f"{copy} delete" in written
