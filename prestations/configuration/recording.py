"""The one way by which a change of the configuration is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from prestations.configuration.kinds import Kind, State, kind_of
from prestations.loading.rows import lock_loading
from prestations.models import ConfigurationChange


@dataclass
class Recording:
    """What `recorded` gives to its block.

    Attributes:
        key: set it where the object is made by the block.
        change: what was kept; None while the block runs, and when nothing differs.
    """

    key: str
    change: ConfigurationChange | None = None


@contextmanager
def recorded(
    kind: str,
    key: str = "",
    *,
    actor,
    reason: str = "",
    reverts: ConfigurationChange | None = None,
) -> Iterator[Recording]:
    """Keep what the block changes in one object, in the block's transaction.

    Settings are changed one after the other: the state before is that of the last change.

    Args:
        kind, key: of the object, or "" until the block has made it.
        actor: who changes it; None: a command.
    """
    known = kind_of(kind)
    with transaction.atomic():
        lock_loading()
        recording = Recording(key)
        before = known.snapshot(key) if key else None
        yield recording
        after = known.snapshot(recording.key) if recording.key else None
        if before != after:
            recording.change = ConfigurationChange.objects.create(
                at=timezone.now(),
                actor=actor,
                kind=kind,
                key=recording.key,
                name=_name(known, after or before)[:250],
                before=before,
                after=after,
                reason=reason.strip()[:500],
                reverts=reverts,
            )


def _name(kind: Kind, state: State | None) -> str:
    return kind.name(state) if state else ""
