"""What a citizen finds in their mailbox, once the workers have run."""

import re

from massy_grc.outbox.models import Delivery
from tests.helpers import drain_outbox


def last_mail(address: str) -> Delivery:
    """Return the newest mail to `address`, after everything due has left."""
    drain_outbox()
    return Delivery.objects.filter(to=address).order_by("-id")[0]


def link_in(mail: Delivery) -> str:
    """Return the path of the first link of a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]
