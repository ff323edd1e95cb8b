"""What the outbox holds, and what becomes of it (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding("outbox.Delivery", Fate.DELETED, exported=True),
    Holding("outbox.KeptMail", Fate.DELETED, why="the demonstration's copy of a delivery"),
    Holding(
        "outbox.OutboxEvent",
        Fate.KEPT,
        stays=("key", "topic", "payload", "context"),
        why="ids and codes only; deleted once old and handled",
    ),
    Holding(
        "outbox.HandlerReceipt",
        Fate.EMPTIED,
        emptied={"last_error": ""},
        stays=("handler",),
        why="the technical trace of a failure",
    ),
]
