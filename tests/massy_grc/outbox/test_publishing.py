"""`publish` and `queue_delivery`: rows of the caller's transaction."""

import pytest
import structlog
from django.db import transaction

from massy_grc.outbox import publishing
from massy_grc.outbox.api import NotInTransaction, publish, queue_delivery
from massy_grc.outbox.models import Delivery, OutboxEvent


@pytest.fixture
def nudges(monkeypatch):
    """The tasks that were nudged."""
    called = []
    monkeypatch.setattr(publishing, "nudge", called.append)
    return called


@pytest.mark.django_db(transaction=True)
def test_publish_refuses_to_run_outside_a_transaction():
    with pytest.raises(NotInTransaction):
        publish("test.topic", key="k", thing_id=1)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_is_lost_with_the_change_that_failed(nudges):
    @transaction.atomic
    def change():
        publish("test.topic", key="k", thing_id=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert not OutboxEvent.objects.exists()
    assert nudges == []


@pytest.mark.django_db(transaction=True)
def test_an_event_commits_with_its_change_and_nudges_the_relay_once(nudges):
    with transaction.atomic():
        publish("test.topic", key="k1", thing_id=1)
        publish("test.topic", key="k2", thing_id=2)
    assert OutboxEvent.objects.count() == 2
    assert nudges == [publishing.RELAY_TASK]


@pytest.mark.django_db
def test_a_known_key_is_published_once():
    publish("test.topic", key="k", thing_id=1)
    publish("test.topic", key="k", thing_id=2)
    assert OutboxEvent.objects.get().payload == {"thing_id": 1}


@pytest.mark.django_db
def test_the_request_id_of_the_origin_is_kept_with_the_event():
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        publish("test.topic", key="k", thing_id=1)
    assert OutboxEvent.objects.get().context == {"request_id": "abc"}


@pytest.mark.django_db
def test_a_delivery_of_a_known_key_is_queued_once():
    first = queue_delivery(key="k", to="a@b.example", subject="Un", body="un")
    again = queue_delivery(key="k", to="c@d.example", subject="Deux", body="deux")
    assert again == first
    assert Delivery.objects.get().to == "a@b.example"


@pytest.mark.django_db
def test_line_breaks_cannot_enter_the_headers_of_a_delivery():
    delivery = queue_delivery(
        key="k", to="a@b.example", subject="Un\r\nBcc: tous@b.example", body="x"
    )
    assert delivery.subject == "Un Bcc: tous@b.example"
    with pytest.raises(ValueError):
        queue_delivery(key="k2", to="a@b.example\nBcc: c@d.example", subject="x", body="x")


def test_a_broker_that_is_away_is_asked_once_then_left_in_peace(settings, monkeypatch):
    asked = []

    def refuse(*args, **kwargs):
        asked.append(1)
        raise ConnectionError

    monkeypatch.setattr(publishing, "_broker_down_until", 0.0)
    monkeypatch.setattr(publishing.current_app, "send_task", refuse)
    publishing.nudge(publishing.RELAY_TASK)
    publishing.heed_nudge(publishing.RELAY_TASK)
    publishing.nudge(publishing.RELAY_TASK)
    assert len(asked) == 1


def test_a_nudge_that_waits_is_repeated_only_once_it_was_heeded(monkeypatch):
    sent = []
    monkeypatch.setattr(publishing, "_broker_down_until", 0.0)
    monkeypatch.setattr(
        publishing.current_app, "send_task", lambda task, **options: sent.append(task)
    )
    for _ in range(3):
        publishing.nudge(publishing.RELAY_TASK)
    publishing.nudge(publishing.SEND_TASK)
    assert sent == [publishing.RELAY_TASK, publishing.SEND_TASK]
    publishing.heed_nudge(publishing.RELAY_TASK)  # the relay begins: what comes now is new to it
    publishing.nudge(publishing.RELAY_TASK)
    assert sent[2:] == [publishing.RELAY_TASK]
