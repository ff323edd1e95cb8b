"""Mails about personal data that belong to no request: the copy, the erasure, the idle account."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from massy_grc.outbox.api import queue_delivery
from requests.letters.context import town_or_default


def tell_person(name: str, *, to: str, key: str, about: str, **context: Any) -> None:
    """Queue a mail to a person; does nothing without an address.

    Args:
        name: a template of templates/requests/mail/; its first line is the subject.
        key: makes it unique.
        about: what it speaks of, so that an erasure finds it.
    """
    if not to:
        return
    with translation.override("fr"):
        town = town_or_default()
        text = render_to_string(f"requests/mail/{name}.txt", {"town": town, **context})
    subject, _blank, body = text.strip().partition("\n")
    queue_delivery(key=key, to=to, subject=subject, body=f"{body.strip()}\n", about=about)
