"""Logs keep no link that opens something by itself, nothing people searched for, and no row."""

import logging
import re
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
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


# --- faults of the database ------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("line_breaks", ["", "\n", "\n\n"])
def test_a_fault_of_the_database_is_logged_without_its_row(written, line_breaks):
    secret = f"canari{line_breaks}que nul journal ne garde"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE fault (words text, needed int NOT NULL)")
        with pytest.raises(DatabaseError, match="nul journal") as fault:
            cursor.execute("INSERT INTO fault VALUES (%s, NULL)", [secret])
    error = fault.value
    logging.getLogger("django.request").error("Internal Server Error", exc_info=error)
    structlog.get_logger("massy").error("request_failed", exc_info=error)
    logging.getLogger("celery.app.trace").error("Task raised unexpected: %r", error)
    structlog.get_logger("massy").error("task_failed", error=str(error))
    assert len(written) == 4
    for line in written:
        assert "not-null constraint" in line
        assert "REDACTED" in line
        assert "canari" not in line
        assert "nul journal" not in line
    assert sum("Traceback" in line for line in written) == 2


@pytest.mark.django_db
def test_the_database_s_own_log_keeps_no_statement():
    wanted = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
    composed = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text()
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)
            assert f"-c, {name}={value}" in composed
