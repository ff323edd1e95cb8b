"""Strict settings: production does not start on demo values, and names what is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MASSY_MODE": "production",
    "DJANGO_SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DJANGO_ALLOWED_HOSTS": "guichet.massy.example",
    "MASSY_PUBLIC_URL": "https://guichet.massy.example",
    "DATABASE_URL": "postgres://massy_app:secret@database/massy",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.massy.example:587",
}


def load_settings(shown: str = "s.MASSY_MODE", **environment: str) -> subprocess.CompletedProcess:
    """Import the settings in a process that knows only this environment, and print `shown`."""
    return subprocess.run(
        [sys.executable, "-c", f"import json; import massy_grc.settings as s; print({shown})"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_on_complete_settings():
    result = load_settings(**PRODUCTION)
    assert result.stdout.strip() == "production", result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DJANGO_SECRET_KEY", "short"),
        ("DJANGO_SECRET_KEY", "demo-" + "x" * 60),
        ("DJANGO_ALLOWED_HOSTS", ""),
        ("MASSY_PUBLIC_URL", "http://guichet.massy.example"),
        ("DJANGO_DEBUG", "on"),
        ("MASSY_MODE", "prod"),
        ("LOG_LEVEL", "LOUD"),
        ("CLAMD_URL", "antivirus:3310"),
        ("CLAMD_URL", "tcp://antivirus:x"),
    ],
)
def test_wrong_value_stops_the_start_with_its_name(name, value):
    result = load_settings(**{**PRODUCTION, name: value})
    assert result.returncode != 0
    assert name in result.stderr


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "EMAIL_URL", "MASSY_PUBLIC_URL"])
def test_missing_value_stops_the_start_with_its_name(name):
    result = load_settings(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode != 0
    assert name in result.stderr


def test_secret_can_come_from_a_file(tmp_path):
    secret = tmp_path / "key"
    secret.write_text(PRODUCTION["DJANGO_SECRET_KEY"] + "\n", encoding="utf-8")
    environment = {key: value for key, value in PRODUCTION.items() if key != "DJANGO_SECRET_KEY"}
    result = load_settings(**environment, DJANGO_SECRET_KEY_FILE=str(secret))
    assert result.stdout.strip() == "production", result.stderr


def test_unreadable_secret_file_is_named(tmp_path):
    result = load_settings(**PRODUCTION, EMAIL_URL_FILE=str(tmp_path / "absent"))
    assert result.returncode == 0, "a value in the environment wins over its file"
    environment = {key: value for key, value in PRODUCTION.items() if key != "EMAIL_URL"}
    result = load_settings(**environment, EMAIL_URL_FILE=str(tmp_path / "absent"))
    assert result.returncode != 0
    assert "EMAIL_URL_FILE" in result.stderr


FRANCECONNECT = {
    "FRANCECONNECT_ISSUER": "https://oidc.franceconnect.example/api/v2",
    "FRANCECONNECT_CLIENT_ID": "massy",
    "FRANCECONNECT_CLIENT_SECRET": "secret",
}


def test_franceconnect_is_configured_by_three_variables():
    assert load_settings(**PRODUCTION, **FRANCECONNECT).returncode == 0


@pytest.mark.parametrize("name", FRANCECONNECT)
def test_half_a_franceconnect_stops_the_start_with_the_missing_name(name):
    half = {key: value for key, value in FRANCECONNECT.items() if key != name}
    result = load_settings(**PRODUCTION, **half)
    assert result.returncode != 0
    assert name in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("FRANCECONNECT_ISSUER", "http://oidc.example"), ("FRANCECONNECT_ACR", "eidas9")],
)
def test_a_wrong_franceconnect_stops_the_start(name, value):
    result = load_settings(**PRODUCTION, **{**FRANCECONNECT, name: value})
    assert result.returncode != 0
    assert name in result.stderr


def test_pages_may_load_pictures_from_the_towns_tile_server_only(client, settings):
    tiles = {
        "MASSY_TILES_URL": "https://tuiles.massy.example:8443/plan/{z}/{x}/{y}.png",
        "MASSY_TILES_ATTRIBUTION": "© Essai",
    }
    policy = "json.dumps(s.CONTENT_SECURITY_POLICY)"
    read = json.loads(load_settings(shown=policy, **PRODUCTION, **tiles).stdout)
    settings.CONTENT_SECURITY_POLICY = read
    sent = client.get("/healthz")["Content-Security-Policy"].split("; ")
    assert "img-src 'self' data: https://tuiles.massy.example:8443" in sent
    assert "default-src 'self'" in sent
    assert not any(rule.startswith(("script-src", "style-src")) for rule in sent)
