"""One sign-in from its beginning to its end: state, nonce and proof key live in the session."""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from citizens.franceconnect.provider import (
    FranceConnectError,
    configuration,
    exchange_code,
    fetch_userinfo,
)
from citizens.franceconnect.tokens import read_id_token, read_userinfo
from citizens.matching import PivotIdentity

SCOPES = (
    "openid given_name family_name birthdate gender birthplace birthcountry email"
    " preferred_username"
)
HELD_KEY = "franceconnect_newcomer"
BEGUN_KEY = "franceconnect_begun"
HINT_KEY = "franceconnect_id_token"  # in the session: who signs out, for FranceConnect
PATIENCE = 15 * 60  # seconds in which a person comes back from FranceConnect


@dataclass(frozen=True)
class Begun:
    """A sign-in on its way. `next_url` is where the person goes afterwards."""

    state: str
    nonce: str
    verifier: str
    next_url: str
    at: float


@dataclass(frozen=True)
class Arrived:
    """A person whom FranceConnect vouches for."""

    subject: str
    pivot: PivotIdentity
    id_token: str
    next_url: str


def begin(request: HttpRequest, next_url: str) -> str:
    """Note a sign-in in the session and return the address at FranceConnect.

    Raises:
        FranceConnectError: FranceConnect is away.
    """
    endpoints = configuration()
    begun = Begun(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next_url=next_url,
        at=timezone.now().timestamp(),
    )
    request.session[BEGUN_KEY] = asdict(begun)
    query = {
        "response_type": "code",
        "client_id": settings.FRANCECONNECT["client_id"],
        "redirect_uri": callback_uri(),
        "scope": SCOPES,
        "acr_values": settings.FRANCECONNECT["acr"],
        "state": begun.state,
        "nonce": begun.nonce,
    }
    if "S256" in endpoints.get("code_challenge_methods_supported", []):
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{endpoints['authorization_endpoint']}?{urlencode(query)}"


def finish(request: HttpRequest) -> Arrived:
    """Return who comes back from FranceConnect; what the session had begun is used up.

    Raises:
        FranceConnectError: nothing was begun here, it is too old, or FranceConnect refused.
    """
    kept = request.session.pop(BEGUN_KEY, None)
    if not isinstance(kept, dict):
        raise FranceConnectError("callback: nothing was begun in this session")
    begun = Begun(**kept)
    if not constant_time_compare(request.GET.get("state", ""), begun.state):
        raise FranceConnectError("callback: another state")
    if timezone.now().timestamp() - begun.at > PATIENCE:
        raise FranceConnectError("callback: too late")
    code = request.GET.get("code", "")
    if not code:
        raise FranceConnectError(f"callback: {request.GET.get('error', 'no code')[:60]}")
    tokens = exchange_code(code, verifier=begun.verifier, redirect_uri=callback_uri())
    claims = read_id_token(tokens["id_token"], nonce=begun.nonce)
    pivot = read_userinfo(fetch_userinfo(tokens["access_token"]), subject=claims["sub"])
    return Arrived(claims["sub"], pivot, tokens["id_token"], begun.next_url)


def hold(request: HttpRequest, arrived: Arrived) -> None:
    """Keep a newcomer in the session until they have read the terms, no longer than `PATIENCE`."""
    pivot = asdict(arrived.pivot)
    if arrived.pivot.birth_date:
        pivot["birth_date"] = arrived.pivot.birth_date.isoformat()
    until = timezone.now().timestamp() + PATIENCE
    request.session[HELD_KEY] = asdict(arrived) | {"pivot": pivot, "until": until}
    remember(request, arrived)


def held(request: HttpRequest) -> Arrived | None:
    """Return the newcomer of this session; None when there is none, or it is too late."""
    kept = request.session.get(HELD_KEY)
    if not isinstance(kept, dict):
        return None
    if timezone.now().timestamp() > kept["until"]:
        release(request)
        return None
    pivot = dict(kept["pivot"])
    if pivot["birth_date"]:
        pivot["birth_date"] = date.fromisoformat(pivot["birth_date"])
    return Arrived(kept["subject"], PivotIdentity(**pivot), kept["id_token"], kept["next_url"])


def release(request: HttpRequest) -> None:
    """Forget the newcomer: their account is open, or they do not want one."""
    request.session.pop(HELD_KEY, None)


def remember(request: HttpRequest, arrived: Arrived) -> None:
    """Keep what signing out at FranceConnect needs."""
    request.session[HINT_KEY] = arrived.id_token


def forget(request: HttpRequest) -> None:
    """Forget who signed in there: nobody's session came of it."""
    request.session.pop(HINT_KEY, None)


def logout_address(request: HttpRequest) -> str:
    """Return the address that also signs out at FranceConnect; blank when that is not needed.

    Args:
        request: of a session that came through FranceConnect (RP-Initiated Logout 1.0).
    """
    token = request.session.get(HINT_KEY)
    if not token or not settings.FRANCECONNECT:
        return ""
    try:
        endpoint = configuration().get("end_session_endpoint", "")
    except FranceConnectError:
        return ""  # FranceConnect is away: signing out here must not wait for it
    query = {
        "id_token_hint": token,
        "state": secrets.token_urlsafe(32),
        "post_logout_redirect_uri": f"{settings.PUBLIC_URL}{reverse('citizens:fc_logged_out')}",
    }
    return f"{endpoint}?{urlencode(query)}" if endpoint else ""


def callback_uri() -> str:
    """Where FranceConnect sends people back to; declared to FranceConnect."""
    return f"{settings.PUBLIC_URL}{reverse('citizens:fc_callback')}"
