"""Mails about an account, in the language in which its owner last asked."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from massy_grc.outbox.api import queue_delivery


def account_mail(
    template: str, *, to: str, key: str, language: str, about: str = "", **words
) -> None:
    """Queue the mail `templates/citizens/mail/<template>.txt`, whose first line is the subject.

    Args:
        to: one address.
        key: makes the mail unique, however often this runs.
        about: what it speaks of, as `Delivery.about` has it.
        **words: what the template reads.
    """
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        text = render_to_string(
            f"citizens/mail/{template}.txt", {"site": settings.PUBLIC_URL, **words}
        )
    subject, _, body = text.strip().partition("\n")
    queue_delivery(key=key, to=to, subject=subject, body=body.strip() + "\n", about=about)
