"""The one way by which a change of the configuration is kept."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from prestations.configuration.kinds import Kind, State, all_kinds, kind_of
from prestations.exceptions import StalePage
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


def digest_of(state: State | None) -> str:
    """Name a state: a form that showed another one is refused."""
    written = json.dumps(state, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def seen_of(kind: str, key: str) -> str:
    """Name what a page shows of an object: its state of now."""
    return digest_of(kind_of(kind).snapshot(key))


@contextmanager
def recorded(
    kind: str,
    key: str = "",
    *,
    actor,
    reason: str = "",
    reverts: ConfigurationChange | None = None,
    seen: str | None = None,
) -> Iterator[Recording]:
    """Keep what the block changes in one object, in the block's transaction.

    Settings are changed one after the other: the state before is that of the last change.

    Args:
        kind, key: of the object, or "" until the block has made it.
        actor: who changes it; None: a command.
        seen: `seen_of` the object when its page was read; None: no page showed it.

    Raises:
        StalePage: somebody else has changed it since.
    """
    known = kind_of(kind)
    with transaction.atomic():
        lock_loading()
        if seen is not None and seen != seen_of(kind, key):
            raise StalePage
        recording = Recording(key)
        before = known.snapshot(key) if key else None
        yield recording
        after = known.snapshot(recording.key) if recording.key else None
        if before != after:
            change = _change(known, recording.key, before, after, actor=actor, reason=reason)
            change.reverts = reverts
            change.save()
            recording.change = change


@contextmanager
def recorded_all(*, actor, reason: str) -> Iterator[list[ConfigurationChange]]:
    """Keep what the block changes in any object: a load, an import, a department that closes.

    The list it gives is filled when the block has ended.
    """
    with transaction.atomic():
        lock_loading()
        before = states()
        changes: list[ConfigurationChange] = []
        yield changes
        after = states()
        changes += ConfigurationChange.objects.bulk_create(
            _change(
                kind,
                key,
                before[kind.code].get(key),
                after[kind.code].get(key),
                actor=actor,
                reason=reason,
            )
            for kind in all_kinds()
            for key in dict.fromkeys([*before[kind.code], *after[kind.code]])
            if before[kind.code].get(key) != after[kind.code].get(key)
        )


def states() -> dict[str, dict[str, State]]:
    """Return the whole configuration: the states in use by kind and key."""
    return {kind.code: kind.states() for kind in all_kinds()}


def _change(
    kind: Kind, key: str, before: State | None, after: State | None, *, actor, reason: str
) -> ConfigurationChange:
    return ConfigurationChange(
        at=timezone.now(),
        actor=actor,
        kind=kind.code,
        key=key,
        name=_name(kind, after or before)[:250],
        before=before,
        after=after,
        reason=reason.strip()[:500],
    )


def _name(kind: Kind, state: State | None) -> str:
    return kind.name(state) if state else ""
