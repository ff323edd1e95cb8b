"""Tables to which rows are only ever added: which they are, and up to where they are settled."""

import time

from django.apps import apps
from django.db import connection
from django.db.models import Max, Model

PATIENCE = 3.0  # seconds to wait for writers under way
# Who writes to a table holds this lock on it, from before its row's id is drawn until the end of
# the transaction. Our own rows are visible to us whatever happens.
_WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = %s::regclass AND pid IS DISTINCT FROM pg_backend_pid()
"""


def append_only_models() -> list[type[Model]]:
    """Return the models that are marked `APPEND_ONLY`, by name."""
    marked = (model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False))
    return sorted(marked, key=lambda model: model._meta.label)


def newest_settled(model: type[Model], patience: float = PATIENCE) -> int | None:
    """Return the id of the newest row before which no other can appear any more; 0 without any.

    An id is drawn before its transaction commits, so a lower id may appear after a higher one.
    Waits for the transactions that wrote to the table when the newest id was read, `patience`
    seconds at most; None when one of them runs on (the next run will know).
    """
    until = time.monotonic() + patience
    newest = model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0
    writers = _writers(model)
    while writers & _writers(model):
        if time.monotonic() > until:
            return None
        time.sleep(0.05)
    return newest


def _writers(model: type[Model]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [model._meta.db_table])
        return {writer for (writer,) in cursor}
