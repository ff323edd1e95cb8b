"""Verbs of a newsletter's issues: write, send once, to each confirmed address once."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.utils import translation

from citizens.exceptions import AlreadySent
from citizens.links import unsubscribe_link
from citizens.models import Issue, Newsletter, Subscription
from massy_grc.outbox.api import publish, queue_delivery

BATCH = 200  # addresses a handler queues in one transaction


@transaction.atomic
def write_newsletter(
    *,
    code: str,
    label: str,
    description: str,
    label_en: str = "",
    description_en: str = "",
    order: int | None = None,
) -> Newsletter:
    """Create a list, or change the one with this code; it is offered from now on.

    Args:
        label_en, description_en: for the English pages; blank: they show the French.
        order: its place among the others; None: it keeps its own, a new one is the last.
    """
    row = Newsletter.objects.filter(code=code).first() or Newsletter(code=code)
    row.label, row.description, row.is_active = label, description, True
    row.label_en, row.description_en = label_en, description_en
    if order is not None:
        row.order = order
    elif row.pk is None:
        row.order = (Newsletter.objects.aggregate(last=Max("order"))["last"] or 0) + 10
    row.save()
    return row


def withdraw_newsletter(*, code: str) -> None:
    """Offer a list to nobody new; its readers stay, and may leave."""
    Newsletter.objects.filter(code=code).update(is_active=False)


@transaction.atomic
def write_issue(
    *,
    newsletter: Newsletter,
    subject: str,
    body: str,
    author,
    now: datetime,
    issue_id: int | None = None,
) -> Issue:
    """Keep an issue that is not sent yet.

    Args:
        issue_id: the one to change; None for a new one.

    Raises:
        AlreadySent: what left cannot be changed.
    """
    if issue_id is None:
        return Issue.objects.create(
            newsletter=newsletter, subject=subject, body=body, author=author, written_at=now
        )
    issue = _unsent(issue_id)
    issue.newsletter, issue.subject, issue.body = newsletter, subject, body
    issue.author, issue.written_at = author, now
    issue.save()
    return issue


@transaction.atomic
def send_issue(*, issue_id: int, actor, now: datetime) -> Issue:
    """Let an issue leave to whoever is confirmed now; the worker queues the mails in batches.

    Raises:
        AlreadySent: by a colleague, or pressed twice.
    """
    issue = _unsent(issue_id)
    issue.sent_at, issue.sent_by = now, actor
    issue.save(update_fields=["sent_at", "sent_by"])
    _go_on(issue, after=0)
    return issue


@transaction.atomic
def queue_batch(*, issue_id: int, after: int) -> int:
    """Queue the next mails of an issue and ask for those after them; returns how many.

    The key is the issue and the address: whoever left a list and came back while it was being
    sent gets no second copy, however often this runs.

    Args:
        after: the last subscription that was done.
    """
    issue = (
        Issue.objects.select_for_update(of=("self",)).select_related("newsletter").get(pk=issue_id)
    )
    rows = Subscription.objects.confirmed().filter(
        newsletter=issue.newsletter, pk__gt=after, confirmed_at__lte=issue.sent_at
    )
    batch = list(rows.order_by("pk")[:BATCH])
    for row in batch:
        link = unsubscribe_link(row.pk)
        queue_delivery(
            key=f"newsletter:{issue.pk}:{hashlib.sha256(row.email.encode()).hexdigest()[:40]}",
            to=row.email,
            subject=issue.subject,
            body=issue_text(issue, link, row.language),
            about=f"subscription:{row.pk}",
            context={"unsubscribe": link},
            automatic=False,
        )
    if batch:
        Issue.objects.filter(pk=issue.pk).update(recipients=F("recipients") + len(batch))
        _go_on(issue, after=batch[-1].pk)
    return len(batch)


def issue_text(issue: Issue, link: str, language: str = "fr") -> str:
    """The mail's words: the issue as it was written, and how to leave."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        return render_to_string(
            "citizens/mail/newsletter_issue.txt",
            {"issue": issue, "newsletter": issue.newsletter, "link": link},
        )


def _unsent(issue_id: int) -> Issue:
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if issue.sent_at is not None:
        raise AlreadySent
    return issue


def _go_on(issue: Issue, *, after: int) -> None:
    key = f"newsletter.batch:{issue.pk}:{after}"
    publish("newsletter.batch", key=key, issue_id=issue.pk, after=after)
