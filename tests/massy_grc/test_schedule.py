"""What beat promises by how often it starts things (R26)."""

from massy_grc.schedule import ALWAYS

RECEIPT_WITHIN = 60  # seconds from the filing to the mail server
FIRST_ALARM_WITHIN = 60  # seconds from the moment an alert is owed to its row


def test_a_receipt_passes_both_its_steps_within_a_minute():
    """At worst a filing waits for the whole of each interval: relayed, then sent."""
    steps = ("relay-outbox", "send-due-deliveries")
    assert sum(ALWAYS[step]["schedule"] for step in steps) <= RECEIPT_WITHIN


def test_alarms_are_looked_for_every_minute():
    assert ALWAYS["chase-deadlines"]["schedule"] <= FIRST_ALARM_WITHIN
