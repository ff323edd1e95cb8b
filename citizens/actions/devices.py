"""The browsers signed in to an account."""

from datetime import datetime, timedelta

from django.db import transaction

from citizens.devices import device_label
from citizens.models import CitizenAccount, SignedInDevice
from massy_grc.users.models import User

SESSION = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
TOUCH = timedelta(minutes=5)  # the last visit is written at most this often


def device_lifetime(remembered: bool) -> timedelta:
    """How long a sign-in lasts: thirty days if its owner wished so, else twelve hours."""
    return REMEMBERED if remembered else SESSION


@transaction.atomic
def start_device(*, user: User, user_agent: str, remembered: bool, now: datetime) -> SignedInDevice:
    """Note that a browser has signed in; forget those whose time is over."""
    for kept in (True, False):
        over = now - device_lifetime(kept)
        user.devices.filter(remembered=kept, started_at__lt=over).delete()
    CitizenAccount.objects.open().filter(user=user).update(last_seen_at=now)
    return SignedInDevice.objects.create(
        user=user,
        label=device_label(user_agent)[:80],
        remembered=remembered,
        started_at=now,
        last_seen_at=now,
    )


def seen_device(*, device_id: object, user: User, now: datetime) -> SignedInDevice | None:
    """Return the browser of this session; None when it was signed out or its time is over."""
    if not isinstance(device_id, int):
        return None
    device = user.devices.filter(pk=device_id).first()
    if device is None or device.started_at + device_lifetime(device.remembered) < now:
        return None
    if device.last_seen_at + TOUCH < now:
        user.devices.filter(pk=device.pk).update(last_seen_at=now)
        CitizenAccount.objects.open().filter(user=user).update(last_seen_at=now)
    return device


def end_device(*, user: User, device_id: int) -> bool:
    """Sign one browser out, from its next request on; False when `user` has no such browser."""
    return bool(user.devices.filter(pk=device_id).delete()[0])


def end_devices(*, user: User, but: int | None = None) -> int:
    """Sign every browser out but one; return how many."""
    others = user.devices.all() if but is None else user.devices.exclude(pk=but)
    return others.delete()[0]
