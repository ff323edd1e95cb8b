"""What FranceConnect signs is read; what is altered, old, or for others is refused (L11)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from citizens.franceconnect import tokens
from citizens.franceconnect.provider import FranceConnectError

pytestmark = pytest.mark.django_db


@pytest.fixture
def genuine(person, monkeypatch) -> tuple[str, str]:
    """An id_token that the provider really signed, with the nonce it was asked for."""
    seen = []
    read = tokens.read_id_token
    monkeypatch.setattr(
        "citizens.franceconnect.flow.read_id_token",
        lambda token, nonce: seen.append((token, nonce)) or read(token, nonce=nonce),
    )
    person.signs_in("solene")
    return seen[0]


def test_a_genuine_token_is_read(genuine):
    token, nonce = genuine
    assert tokens.read_id_token(token, nonce=nonce)["sub"] == "solene"


def alter(token: str, place: int) -> str:
    parts = token.split(".")
    sign = parts[place][5]
    parts[place] = parts[place][:5] + ("A" if sign != "A" else "B") + parts[place][6:]
    return ".".join(parts)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_altered_token_is_refused(genuine, place):
    token, nonce = genuine
    with pytest.raises(FranceConnectError):
        tokens.read_id_token(alter(token, place), nonce=nonce)


def test_an_unsigned_token_is_refused(genuine):
    token, nonce = genuine
    unsigned = f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."
    with pytest.raises(FranceConnectError):
        tokens.read_id_token(unsigned, nonce=nonce)


def test_another_nonce_is_refused(genuine):
    with pytest.raises(FranceConnectError, match="nonce"):
        tokens.read_id_token(genuine[0], nonce="another")


@pytest.mark.parametrize("name", ["issuer", "client_id"])
def test_a_token_of_another_issuer_or_for_another_site_is_refused(genuine, settings, name):
    token, nonce = genuine
    tokens.read_id_token(token, nonce=nonce)  # the keys are cached now
    before = dict(settings.FRANCECONNECT)
    keys = tokens.signing_keys()
    settings.FRANCECONNECT = {**before, name: "https://autre.example"}
    cache.set(
        f"franceconnect:configuration:{settings.FRANCECONNECT['issuer']}",
        {"jwks_uri": f"{before['issuer']}/jwks"},
    )
    assert keys
    with pytest.raises(FranceConnectError, match="another issuer"):
        tokens.read_id_token(token, nonce=nonce)


def test_an_expired_token_is_refused(genuine):
    token, nonce = genuine
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow), pytest.raises(FranceConnectError):
        tokens.read_id_token(token, nonce=nonce)


def test_the_identity_of_another_subject_is_refused(franceconnect):
    with pytest.raises(FranceConnectError, match="another subject"):
        tokens.read_userinfo({"sub": "b", "family_name": "X"}, subject="a")
