"""The outbox's vocabulary: what is due, what broke, and how to try it again."""

from datetime import datetime

from django.db import models

from massy_grc.outbox.enums import UNSENT_STATES, DeliveryState


class HandlerReceiptQuerySet(models.QuerySet):
    """Receipts of handlers."""

    def due(self, now: datetime):
        """Not done, and to be handed to a worker now."""
        return self.filter(done_at=None, run_after__lte=now)

    def in_hand(self, now: datetime):
        """Given to workers that have not run them yet; those that failed before do not count."""
        return self.filter(done_at=None, run_after__gt=now, attempts=0)

    def given_up(self):
        """Failed too often: waits for a person (screen of what broke)."""
        return self.filter(done_at=None, run_after=None)

    def try_again(self, now: datetime) -> int:
        """Start afresh the receipts that were given up; returns how many."""
        return self.given_up().update(run_after=now, attempts=0)


class DeliveryQuerySet(models.QuerySet):
    """Messages to the outside."""

    def due(self, now: datetime):
        """To be sent now: waiting, to be retried, or left in flight by a worker that died."""
        return self.filter(state__in=UNSENT_STATES, next_attempt_at__lte=now)

    def about(self, name: str):
        """Messages that speak of one thing (``request:12``), newest first."""
        return self.filter(about=name).order_by("-id")

    def failed(self):
        """Given up; a person may correct the address and try again."""
        return self.filter(state=DeliveryState.FAILED)

    def redirect(self, to: str, now: datetime) -> int:
        """Give those that have not left, nor are leaving, another address; returns how many."""
        still_here = (DeliveryState.QUEUED, DeliveryState.RETRY, DeliveryState.FAILED)
        return self.filter(state__in=still_here).update(
            to=to,
            state=DeliveryState.QUEUED,
            next_attempt_at=now,
            first_attempt_at=None,
            attempts=0,
            last_error="",
        )

    def try_again(self, now: datetime) -> int:
        """Queue failed messages again, with fresh attempts; returns how many."""
        return self.failed().update(
            state=DeliveryState.RETRY, next_attempt_at=now, first_attempt_at=None, attempts=0
        )
