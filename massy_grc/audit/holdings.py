"""What the access log holds, and what becomes of it (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding(
        "audit.AccessRecord",
        Fate.KEPT,
        stays=("action", "object_type", "request_id", "detail"),
        exported=True,
        why="append-only; numbers, dates and the agent who looked, an export’s filters; "
        "no word about the citizen",
    ),
]
