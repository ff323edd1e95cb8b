"""News of personal data that belong to no request: the copy, the erasure, the idle account."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from citizens.models import Citizen
from massy_grc.outbox.api import queue_delivery
from requests.letters.context import town_or_default
from requests.models import PersonalLetter


def tell_person(
    name: str, *, to: str, key: str, about: str, on_paper: Citizen | None = None, **context: Any
) -> None:
    """Queue a mail to a person; without an address it is a letter, or nothing.

    Args:
        name: a template of templates/requests/mail/; its first line is the subject.
        key: makes it unique.
        about: what it speaks of, so that an erasure finds it.
        on_paper: to whom a letter is written when there is no address to mail to. It waits to be
            posted; without a postal address it stays on their record, which says so.
    """
    if not to and on_paper is None:
        return
    with translation.override("fr"):
        town = town_or_default()
        text = render_to_string(f"requests/mail/{name}.txt", {"town": town, **context})
    subject, _blank, body = text.strip().partition("\n")
    body = f"{body.strip()}\n"
    if to:
        queue_delivery(key=key, to=to, subject=subject, body=body, about=about)
    elif on_paper is not None:
        PersonalLetter.objects.get_or_create(
            key=key,
            defaults={
                "citizen": on_paper,
                "address": on_paper.address,
                "subject": subject,
                "body": body,
            },
        )
