"""What is believed of a token: only what the provider signed, for us, now, for this sign-in."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError

from citizens.enums import Gender
from citizens.franceconnect.provider import FranceConnectError, signing_keys
from citizens.matching import PivotIdentity

ALGORITHMS = ["ES256", "RS256", "PS256"]  # never « none », never our own secret
LEVELS = ("eidas1", "eidas2", "eidas3")
FRANCE = "99100"
LEEWAY = 30  # seconds by which clocks may differ


def read_id_token(token: str, *, nonce: str) -> dict[str, Any]:
    """Return the claims of an id_token (OpenID Connect Core, section 3.1.3.7).

    Raises:
        FranceConnectError: signature, issuer, audience, time, nonce or level is not as it must be.
    """
    claims = _signed_claims(token)
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY, exp={"essential": True}, iat={"essential": True}, sub={"essential": True}
    )
    try:
        rules.validate(claims)
    except JoseError as error:
        raise FranceConnectError(f"id_token: {error}") from error
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise FranceConnectError("id_token: another nonce")
    wanted = settings.FRANCECONNECT["acr"]
    if claims.get("acr") not in LEVELS[LEVELS.index(wanted) :]:
        raise FranceConnectError(f"id_token: level {claims.get('acr')!r} below {wanted}")
    return claims


def read_userinfo(answer: str | dict[str, Any], *, subject: str) -> PivotIdentity:
    """Return the identity of whoever `subject` is (section 5.3.4: it must be the same).

    Raises:
        FranceConnectError: not signed for us, of somebody else, or without a name.
    """
    claims = _signed_claims(answer) if isinstance(answer, str) else answer
    if claims.get("sub") != subject:
        raise FranceConnectError("userinfo: of another subject")
    family_name, given_names = _text(claims, "family_name"), _text(claims, "given_name")
    if not family_name:
        raise FranceConnectError("userinfo: no family name")
    country = _text(claims, "birthcountry")
    return PivotIdentity(
        family_name=family_name,
        given_names=given_names,
        birth_date=_day(_text(claims, "birthdate")),
        birth_place=(_text(claims, "birthplace") or ("" if country == FRANCE else country))[:5],
        email=_text(claims, "email").lower(),
        usage_name=_text(claims, "preferred_username"),
        gender=gender if (gender := _text(claims, "gender")) in Gender.values else "",
    )


def _signed_claims(token: str) -> dict[str, Any]:
    """The claims of a token signed by the provider for us; its keys are asked again once."""
    try:
        decoded = jwt.decode(token, signing_keys(), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        try:
            decoded = jwt.decode(token, signing_keys(afresh=True), algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise FranceConnectError(f"token: {type(error).__name__}") from error
    claims = decoded.claims
    audience = claims.get("aud")
    ours = settings.FRANCECONNECT["client_id"]
    if claims.get("iss") != settings.FRANCECONNECT["issuer"] or ours not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise FranceConnectError("token: of another issuer, or for somebody else")
    return claims


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return " ".join(value.split())[:150] if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    """A whole date; FranceConnect also knows births of which only the year is known."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
