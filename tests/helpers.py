"""Helpers shared by tests."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.http import urlencode

from massy_grc.outbox import relay, sending


def post_form(client, address: str, data: dict):
    """Post a form as browsers do without files; Django's own multipart costs ten times as much."""
    body = _encoded(tuple(data.items()))
    return client.post(address, body, "application/x-www-form-urlencoded")


@functools.lru_cache(maxsize=4)
def _encoded(pairs: tuple[tuple[str, object], ...]) -> str:
    """Kept: a walk through all addresses sends one form to each."""
    return urlencode(pairs)


def let_sendings_leave() -> None:
    """The seconds in which an agent may take back what was sent have passed."""
    from massy_grc.outbox.models import OutboxEvent
    from requests.models import Message, Problem, Sending

    OutboxEvent.objects.filter(relayed_at=None).update(not_before=None)
    Message.objects.exclude(told_from=None).update(told_from=None)
    Sending.objects.filter(undone_by=None).update(until=timezone.now())
    Problem.objects.exclude(leaves_at=None).update(leaves_at=timezone.now())


def drain_outbox(rounds: int = 10) -> int:
    """Do at once what workers do later: relay events, run their handlers, send what is due.

    Runs on the test's own database without a broker; `mail.outbox` (or the mailbox) then holds
    the mails. Handlers may publish in turn: goes on until nothing is left. Returns how many
    mails left. Raises the handler's failure as AssertionError, so that no test passes on it.
    """
    from massy_grc.outbox.models import HandlerReceipt

    let_sendings_leave()
    sent = 0
    for _ in range(rounds):
        relayed = relay.relay_events()
        handed = relay.hand_over(relay.run_receipts)
        mails = sending.send_due()
        sent += mails
        if not (relayed or handed or mails):
            break
    broken = HandlerReceipt.objects.filter(done_at=None).exclude(last_error="")
    assert not broken, [f"{receipt.handler}: {receipt.last_error}" for receipt in broken]
    return sent


@contextmanager
def uncommitted_look(user) -> Iterator[tuple[Any, int]]:
    """Another session with a look at a request that it has not committed: it, and the look's id."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_accessrecord"
                " (user_id, action, object_type, object_id, request_id, at)"
                " VALUES (%s, 'view', 'request', 1, '', now()) RETURNING id",
                [user.pk],
            )
            (number,) = cursor.fetchone()
        yield other, number
    finally:
        other.close()
