"""Signed links by which a new agent sets the first password; each works once (72 hours)."""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from massy_grc.users.models import User

SALT = "users.invitation"
VALIDITY = timedelta(hours=72)


def invitation_token(user: User) -> str:
    """Return a token for `user`, void as soon as a password is set or a new one is sent."""
    return signing.dumps({"user": user.pk, "mark": _mark(user)}, salt=SALT)


def read_invitation(token: str) -> User | None:
    """Return whom a token invites; None when it is forged, too old, used or replaced."""
    try:
        data = signing.loads(token, salt=SALT, max_age=VALIDITY)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=data["user"], is_active=True).first()
    if user is None or not constant_time_compare(data["mark"], _mark(user)):
        return None
    return user


def _mark(user: User) -> str:
    """Changes with the password and with each invitation, so that a link works once."""
    invited = user.invited_at.isoformat() if user.invited_at else ""
    return salted_hmac(SALT, f"{user.password}{invited}", algorithm="sha256").hexdigest()[:32]
