"""The provider's addresses and keys, and the calls we make to it."""

from typing import Any, cast

import httpx
from django.conf import settings
from django.core.cache import cache
from joserfc.jwk import KeySet, KeySetSerialization

TIMEOUT = 10.0  # seconds for each answer: a person waits at the other end
KEPT = 3600  # seconds that addresses and keys are kept in the cache
NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class FranceConnectError(Exception):
    """FranceConnect is away, or answered what we cannot accept. The text is for the logs."""


def is_configured() -> bool:
    """Whether this installation has FranceConnect at all."""
    return bool(settings.FRANCECONNECT)


def configuration() -> dict[str, Any]:
    """Return the provider's own description (OpenID Connect Discovery 1.0, section 4).

    Raises:
        FranceConnectError: it is away, incomplete, or of another issuer.
    """
    issuer = settings.FRANCECONNECT["issuer"]
    key = f"franceconnect:configuration:{issuer}"
    if found := cache.get(key):
        return found
    found = _get_json(f"{issuer}/.well-known/openid-configuration")
    missing = [name for name in NEEDED if not isinstance(found.get(name), str)]
    if found.get("issuer") != issuer or missing:
        raise FranceConnectError(f"discovery: issuer {found.get('issuer')!r}, missing {missing}")
    cache.set(key, found, KEPT)
    return found


def signing_keys(*, afresh: bool = False) -> KeySet:
    """Return the keys with which the provider signs.

    Args:
        afresh: ask again although they are cached: a token names a key we do not know.
    """
    address = configuration()["jwks_uri"]
    key = f"franceconnect:keys:{address}"
    found = None if afresh else cache.get(key)
    if found is None:
        found = _get_json(address)
        cache.set(key, found, KEPT)
    try:
        return KeySet.import_key_set(cast(KeySetSerialization, found))
    except (ValueError, KeyError, TypeError) as error:
        raise FranceConnectError("keys: unreadable") from error


def exchange_code(code: str, *, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """Return the tokens for a code (RFC 6749, section 4.1.3; the secret in the body)."""
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": settings.FRANCECONNECT["client_id"],
        "client_secret": settings.FRANCECONNECT["client_secret"],
        "code_verifier": verifier,
    }
    answer = _call("POST", configuration()["token_endpoint"], data=data)
    tokens = _json(answer)
    if not all(isinstance(tokens.get(name), str) for name in ("id_token", "access_token")):
        raise FranceConnectError("token endpoint: a token is missing")
    return tokens


def fetch_userinfo(access_token: str) -> str | dict[str, Any]:
    """Return the identity as sent: the text of a signed token, or plain claims."""
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = _call("GET", configuration()["userinfo_endpoint"], headers=headers)
    if answer.headers.get("content-type", "").startswith("application/jwt"):
        return answer.text
    return _json(answer)


def _get_json(address: str) -> dict[str, Any]:
    return _json(_call("GET", address))


def _call(method: str, address: str, **options) -> httpx.Response:
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT, **options)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise FranceConnectError(f"{method} {address}: {type(error).__name__}") from error
    return answer


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise FranceConnectError(f"{answer.url}: no JSON") from error
    if not isinstance(found, dict):
        raise FranceConnectError(f"{answer.url}: no JSON object")
    return found
