"""From events to handlers that take effect once."""

from datetime import timedelta

import pytest
import structlog
from django.db import connection, transaction
from django.utils import timezone

from massy_grc.outbox import registry, relay
from massy_grc.outbox.api import publish, queue_delivery, subscribe
from massy_grc.outbox.models import Delivery, HandlerReceipt, OutboxEvent

TOPIC = "test.relay"


@pytest.fixture
def handled():
    """A handler on TOPIC: the keys it has handled. It writes a row, as real ones do."""
    keys = []

    def handler(event):
        keys.append(event.key)
        queue_delivery(key=f"sent:{event.key}", to="a@b.example", subject="x", body="x")

    subscribe(TOPIC)(handler)
    yield keys
    registry._handlers.pop(TOPIC, None)


@pytest.fixture
def broken():
    """A handler on TOPIC that writes, then fails."""
    calls = []

    def handler(event):
        calls.append(event.key)
        queue_delivery(key=f"sent:{event.key}", to="a@b.example", subject="x", body="x")
        raise RuntimeError("no way")

    subscribe(TOPIC)(handler)
    yield calls
    registry._handlers.pop(TOPIC, None)


def _run_all(now=None):
    relay.relay_events(now)
    return relay.hand_over(lambda ids: relay.run_receipts(ids, now), now)


@pytest.mark.django_db
def test_relaying_twice_runs_a_handler_once(handled):
    publish(TOPIC, key="k", thing_id=1)
    _run_all()
    _run_all()
    assert handled == ["k"]


@pytest.mark.django_db
def test_a_receipt_delivered_again_does_nothing(handled):
    publish(TOPIC, key="k", thing_id=1)
    relay.relay_events()
    receipt = HandlerReceipt.objects.get()
    assert relay.run_receipt(receipt.pk) is True
    assert relay.run_receipt(receipt.pk) is False
    assert handled == ["k"]


@pytest.mark.django_db
def test_an_event_nobody_listens_to_is_relayed_and_forgotten():
    publish("test.unheard", key="k")
    assert relay.relay_events() == 1
    assert OutboxEvent.objects.get().relayed_at
    assert not HandlerReceipt.objects.exists()


@pytest.mark.django_db
def test_a_broker_that_refuses_leaves_the_receipts_due(handled):
    publish(TOPIC, key="k1")
    publish(TOPIC, key="k2")
    relay.relay_events()

    def refuse(receipt_ids):
        raise ConnectionError

    assert relay.hand_over(refuse) == 0
    assert relay.hand_over(relay.run_receipts) == 2
    assert sorted(handled) == ["k1", "k2"]


@pytest.mark.django_db
def test_no_more_is_handed_over_than_workers_may_have_in_hand(handled):
    given = []
    for number in range(4):
        publish(TOPIC, key=f"k{number}")
    relay.relay_events()
    assert relay.hand_over(given.extend, at_most=3, together=1) == 3
    assert relay.hand_over(given.extend, at_most=3) == 0
    relay.run_receipts(given[:1])
    assert relay.hand_over(given.extend, at_most=3) == 1
    relay.run_receipts(given)
    assert sorted(handled) == ["k0", "k1", "k2", "k3"]


@pytest.mark.django_db
def test_what_a_flushed_broker_lost_is_handed_over_again(handled):
    now = timezone.now()
    publish(TOPIC, key="k")
    relay.relay_events(now)
    assert relay.hand_over(lambda receipt_ids: None, now) == 1  # enqueued, then lost
    soon, later = now + timedelta(minutes=1), now + relay.HANDOVER_PATIENCE
    assert relay.hand_over(relay.run_receipts, soon) == 0
    assert relay.hand_over(relay.run_receipts, later) == 1
    assert handled == ["k"]


@pytest.mark.django_db
def test_a_failing_handler_leaves_no_trace_but_its_error(broken):
    publish(TOPIC, key="k")
    _run_all()
    receipt = HandlerReceipt.objects.get()
    assert receipt.attempts == 1
    assert receipt.last_error == "RuntimeError: no way"
    assert receipt.run_after > timezone.now()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_handler_that_always_fails_is_given_up_and_can_be_tried_again(broken):
    now = timezone.now()
    publish(TOPIC, key="k")
    for _ in range(20):
        _run_all(now)
        now += timedelta(hours=3)
    assert len(broken) == len(relay.BACKOFF) + 1
    assert HandlerReceipt.objects.given_up().count() == 1
    assert HandlerReceipt.objects.try_again(now) == 1
    _run_all(now)
    assert len(broken) == len(relay.BACKOFF) + 2


@pytest.mark.django_db
def test_one_broken_handler_does_not_stop_the_others(handled, broken):
    publish(TOPIC, key="k")
    _run_all()
    assert handled == ["k"]
    assert HandlerReceipt.objects.filter(done_at=None).count() == 1


@pytest.mark.django_db
def test_the_origins_request_id_is_bound_in_the_worker_and_passed_on():
    seen = []

    def handler(event):
        seen.append(structlog.contextvars.get_contextvars().get("request_id"))
        publish("test.next", key="next")

    subscribe(TOPIC)(handler)
    try:
        with structlog.contextvars.bound_contextvars(request_id="abc"):
            publish(TOPIC, key="k")
        _run_all()
    finally:
        registry._handlers.pop(TOPIC, None)
    assert seen == ["abc"]
    assert OutboxEvent.objects.get(key="next").context == {"request_id": "abc"}


@pytest.mark.django_db(transaction=True)
def test_a_receipt_another_worker_holds_is_left_alone(handled):
    with transaction.atomic():
        publish(TOPIC, key="k")
    relay.relay_events()
    receipt = HandlerReceipt.objects.get()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM outbox_handlerreceipt WHERE id = %s FOR UPDATE", [receipt.pk]
            )
        assert relay.run_receipt(receipt.pk) is False
    finally:
        other.rollback()
        other.close()
    assert handled == []
    assert relay.run_receipt(receipt.pk) is True
