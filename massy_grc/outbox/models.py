"""What happens later: events to hand over, and messages to send outside."""

from django.db import models
from django.db.models import Q

from massy_grc.outbox.enums import DeliveryState
from massy_grc.outbox.querysets import DeliveryQuerySet, HandlerReceiptQuerySet


class OutboxEvent(models.Model):
    """A fact published with the change that made it; `relay` hands it to its handlers."""

    key = models.CharField(max_length=200, unique=True)
    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(
        null=True, help_text="handed over then at the earliest; until then it may be withdrawn"
    )
    relayed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            # read by relay_outbox: the events still to hand over, oldest first
            models.Index(fields=["id"], name="outbox_pending", condition=Q(relayed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class HandlerReceipt(models.Model):
    """Proof that one handler has acted on one event; redelivery then does nothing."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="receipts")
    handler = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)
    run_after = models.DateTimeField(
        null=True, help_text="when the relay hands it to a worker (again); empty: given up"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = HandlerReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="one_receipt_per_handler")
        ]
        indexes = [
            # read by relay_outbox: what is to be run, or was handed over long ago and never done
            models.Index(fields=["run_after"], name="receipt_open", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.handler} for {self.event_id}"


class Delivery(models.Model):
    """One message to one address, with an explicit state.

    `key` makes it unique and gives the Message-ID, so that a repeated sending after a crash
    shows as the same message. `about` names what it speaks of (``request:12``) without a
    foreign key: this app knows no domain.
    """

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=20, default="email")
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField()
    attachments = models.JSONField(default=list)
    automatic = models.BooleanField(default=True)
    internal = models.BooleanField(default=False, db_default=False, help_text="to the staff")
    about = models.CharField(max_length=80, blank=True)
    context = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    first_attempt_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            # read by send_due_deliveries: what is due, oldest first
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_due",
                condition=Q(state__in=["queued", "retry", "in_flight"]),
            ),
            # read by who counts what one colleague was sent on a day
            models.Index(
                fields=["to", "created_at"], name="delivery_to_staff", condition=Q(internal=True)
            ),
            # read by the request page: the messages sent about one request
            models.Index(fields=["about"], name="delivery_about"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.to}: {self.subject}"


class KeptMail(models.Model):
    """A mail kept by the demo's mailbox instead of leaving the machine."""

    message_id = models.CharField(max_length=250, blank=True)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=400)
    raw = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject
