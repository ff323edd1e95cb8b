"""Helpers shared by tests."""

from massy_grc.outbox import relay, sending


def drain_outbox(rounds: int = 10) -> int:
    """Do at once what workers do later: relay events, run their handlers, send what is due.

    Runs on the test's own database without a broker; `mail.outbox` (or the mailbox) then holds
    the mails. Handlers may publish in turn: goes on until nothing is left. Returns how many
    mails left. Raises the handler's failure as AssertionError, so that no test passes on it.
    """
    from massy_grc.outbox.models import HandlerReceipt

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
