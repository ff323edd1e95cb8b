"""Signed links of those who follow a public report: one proves the address, one ends it all."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from requests.actions.following import CONFIRMATION_LIFE
from requests.models import ReportFollower

CONFIRM, STOP = "requests.follower.confirm", "requests.follower.stop"


def confirm_link(follower: ReportFollower) -> str:
    """Return the absolute address that proves the follower's mailbox, for seven days."""
    return _link("requests:follow_confirm", follower, CONFIRM)


def stop_link(follower: ReportFollower) -> str:
    """Return the absolute address that ends the mails, at any time."""
    return _link("requests:follow_stop", follower, STOP)


def read_link(signed: str, salt: str) -> int | None:
    """Return the follower a link speaks of; None when it is forged or too old."""
    try:
        age = CONFIRMATION_LIFE if salt == CONFIRM else None
        return int(signing.loads(signed, salt=salt, max_age=age))
    except signing.BadSignature:
        return None


def _link(name: str, follower: ReportFollower, salt: str) -> str:
    signed = signing.dumps(follower.pk, salt=salt)
    return f"{settings.PUBLIC_URL}{reverse(name, args=[signed])}"
