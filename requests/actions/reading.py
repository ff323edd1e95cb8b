"""What the requester has read: the mark behind « nouveau » in their space."""

from datetime import datetime

from citizens.models import CitizenAccount
from requests.models import ServiceRequest


def mark_read(*, request_id: int, account: CitizenAccount, now: datetime) -> None:
    """Note that a citizen has the conversation of their request before them.

    In an organisation's space, one member has read it for all. Reading is no act on the request:
    it leaves neither event nor version. Somebody else's request stays as it is.
    """
    own = ServiceRequest.objects.followed_by(account)
    own.filter(pk=request_id).update(account_read_at=now)
