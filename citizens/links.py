"""Signed links of the account's mails. Each opens a page; only its button does something."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

SIGN_UP_VALIDITY = timedelta(hours=24)
CHANGE_VALIDITY = timedelta(days=3)
INVITATION_VALIDITY = timedelta(days=7)
SUBSCRIPTION_VALIDITY = timedelta(days=7)
_SIGN_UP = "citizens.sign-up"
_CHANGE = "citizens.email-change"
_INVITATION = "citizens.organisation-invitation"
_SUBSCRIBE = "citizens.newsletter.confirm"
_UNSUBSCRIBE = "citizens.newsletter.stop"


def sign_up_link(mail_request_id: int) -> str:
    """The absolute address of the page that opens an account."""
    return _link("citizens:sign_up_finish", signing.dumps(mail_request_id, salt=_SIGN_UP))


def read_sign_up(signed: str) -> int | None:
    """Return the id that `sign_up_link` signed; None when forged or too old."""
    return _read(signed, _SIGN_UP, SIGN_UP_VALIDITY)


def change_link(change_id: int, end: str) -> str:
    """The absolute address of the page on which one end of a change of address answers."""
    return _link("citizens:email_answer", signing.dumps([change_id, str(end)], salt=_CHANGE))


def read_change(signed: str) -> tuple[int, str] | None:
    """Return change and end that `change_link` signed; None when forged or too old."""
    found = _read(signed, _CHANGE, CHANGE_VALIDITY)
    return tuple(found) if found else None


def invitation_link(invitation_id: int) -> str:
    """The absolute address of the page on which somebody joins an organisation."""
    signed = signing.dumps(invitation_id, salt=_INVITATION)
    return _link("citizens:organisation_join", signed)


def read_invitation(signed: str) -> int | None:
    """Return the id that `invitation_link` signed; None when forged or too old."""
    return _read(signed, _INVITATION, INVITATION_VALIDITY)


def subscription_link(subscription_ids: list[int]) -> str:
    """The absolute address of the page on which an address confirms what was asked for it."""
    signed = signing.dumps(subscription_ids, salt=_SUBSCRIBE)
    return _link("citizens:newsletter_confirm", signed)


def read_subscription(signed: str) -> list[int]:
    """Return the ids that `subscription_link` signed; none when forged or too old."""
    return _read(signed, _SUBSCRIBE, SUBSCRIPTION_VALIDITY) or []


def unsubscribe_link(subscription_id: int) -> str:
    """The absolute address that ends a subscription with one POST (RFC 8058); never too old."""
    return _link("citizens:newsletter_stop", signing.dumps(subscription_id, salt=_UNSUBSCRIBE))


def read_unsubscribe(signed: str) -> int | None:
    """Return the id that `unsubscribe_link` signed; None when forged."""
    return _read(signed, _UNSUBSCRIBE, None)


def _link(name: str, signed: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[signed])}"


def _read(signed: str, salt: str, validity: timedelta | None):
    try:
        return signing.loads(signed, salt=salt, max_age=validity)
    except signing.BadSignature:
        return None
