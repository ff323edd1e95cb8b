"""How far a worker is with a file: in the cache, since its transaction shows nothing meanwhile."""

from collections.abc import Callable

from django.core.cache import cache

KEPT = 600  # seconds
STEPS = 20  # done between two notes


def following(import_id: int) -> Callable[[int, int], None]:
    """Return what notes how far the work on a file is."""

    def note(done: int, total: int) -> None:
        if done % STEPS == 0:
            cache.set(_key(import_id), (done, total), KEPT)

    return note


def progress_of(import_id: int) -> tuple[int, int] | None:
    """How much of a file is done, and of how much; None before it begins, or without the cache."""
    return cache.get(_key(import_id))


def _key(import_id: int) -> str:
    return f"settings-import:{import_id}"
