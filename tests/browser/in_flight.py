"""What the live server is still answering: nobody waits for it when a browser has gone."""

import threading
import time

from django.core.signals import request_finished, request_started

PATIENCE = 20  # seconds; then the test's own flush says what holds it up
LOOKS = 0.05  # seconds between two looks: what was sent last may not have begun yet

_busy: set[threading.Thread] = set()


def watch() -> None:
    """Count from now on; the server has a thread for each connection, the tests' own is none."""
    request_started.connect(_begins, weak=False, dispatch_uid="in_flight")
    request_finished.connect(_ends, weak=False, dispatch_uid="in_flight")


def wait_until_at_rest() -> None:
    """Return when two looks in a row find no request under way.

    A request that outlives its test holds locks that the flush waits for (PostgreSQL then ends
    one of the two as a deadlock), or writes into the next test's town.
    """
    quiet = 0
    give_up = time.monotonic() + PATIENCE
    while quiet < 2 and time.monotonic() < give_up:
        time.sleep(LOOKS)
        quiet = 0 if any(thread.is_alive() for thread in list(_busy)) else quiet + 1


def _begins(**signal) -> None:
    if threading.current_thread() is not threading.main_thread():
        _busy.add(threading.current_thread())


def _ends(**signal) -> None:
    _busy.discard(threading.current_thread())
