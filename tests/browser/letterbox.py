"""What reached somebody's mailbox."""

import re

from massy_grc.outbox.mailbox import ReadMail, read
from massy_grc.outbox.models import KeptMail


def mails_to(address: str) -> list[ReadMail]:
    """The mails that a worker sent to `address`, oldest first."""
    return [read(kept) for kept in KeptMail.objects.filter(to=address).order_by("id")]


def subject_of(letter: ReadMail) -> str:
    return dict(letter.headers)["Subject"].strip()


def link_in(letter: ReadMail, part: str) -> str:
    """The address in the text that contains `part`."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", letter.text)
    assert found, letter.text
    return found[0].rstrip(".")
