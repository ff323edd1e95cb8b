"""Work that one process does at a time, whichever gets to it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Alone(IntEnum):
    """What is done alone; the numbers are PostgreSQL's advisory locks."""

    TRAINING = 7_301
    OPENING_VIEW = 7_302


@contextmanager
def held_alone(work: Alone) -> Iterator[bool]:
    """Tell whether this process may do it; False while another is at it.

    The lock is the connection's: a process that dies gives it back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [work])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [work])


def in_turn(work: Alone) -> None:
    """Wait until nobody else is at it; others wait from here to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [work])
