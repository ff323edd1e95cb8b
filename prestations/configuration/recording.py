"""The one way by which a change of the configuration is kept."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from prestations.configuration.kinds import Kind, State, all_kinds, kind_of
from prestations.exceptions import StalePage
from prestations.loading.rows import lock_loading
from prestations.models import ConfigurationChange

MOST_REASON = 500  # characters
States = dict[str, dict[str, State]]
_act: ContextVar[UUID | None] = ContextVar("configuration_act", default=None)
_reason: ContextVar[str] = ContextVar("configuration_reason", default="")


@dataclass
class Recording:
    """What `recorded` gives to its block.

    Attributes:
        key: set it where the object is made by the block.
        change: what was kept; None while the block runs, and when nothing differs.
    """

    key: str
    change: ConfigurationChange | None = None


@dataclass
class RecordingAll:
    """What `recorded_all` gives to its block.

    Attributes:
        before: the whole configuration when the block began.
        after: the same as the block leaves it; set it where the block has read it.
        reverts: the changes that it takes back, by kind and key.
        changes: what was kept; empty while the block runs.
    """

    before: States
    after: States | None = None
    reverts: Mapping[tuple[str, str], ConfigurationChange] = field(default_factory=dict)
    changes: list[ConfigurationChange] = field(default_factory=list)


@contextmanager
def one_act() -> Iterator[UUID]:
    """Let what the block changes be one act, which can be read and put back as a whole."""
    act = _act.get() or uuid4()
    token = _act.set(act)
    try:
        yield act
    finally:
        _act.reset(token)


def act_of_now() -> UUID | None:
    """Return the act under way; None where something is changed by itself."""
    return _act.get()


def reason_of_now() -> str:
    """Return why what is under way is changed, as it is kept with the changes."""
    return _reason.get()


@contextmanager
def _for(reason: str) -> Iterator[None]:
    token = _reason.set(reason.strip()[:MOST_REASON])
    try:
        yield
    finally:
        _reason.reset(token)


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
        with _for(reason):
            yield recording
        after = known.snapshot(recording.key) if recording.key else None
        if before != after:
            change = _change(known, recording.key, before, after, actor=actor, reason=reason)
            change.reverts = reverts
            change.save()
            recording.change = change


@contextmanager
def recorded_all(*, actor, reason: str) -> Iterator[RecordingAll]:
    """Keep what the block changes in any object: a load, an import, a department that closes."""
    with transaction.atomic(), one_act():
        lock_loading()
        recording = RecordingAll(states())
        with _for(reason):
            yield recording
        made = []
        after = recording.after or states()
        for kind in all_kinds():
            was, now = recording.before[kind.code], after[kind.code]
            for key in dict.fromkeys([*was, *now]):
                if was.get(key) != now.get(key):
                    one = _change(kind, key, was.get(key), now.get(key), actor=actor, reason=reason)
                    one.reverts = recording.reverts.get((kind.code, key))
                    made.append(one)
        recording.changes += ConfigurationChange.objects.bulk_create(made)


def states() -> States:
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
        reason=reason.strip()[:MOST_REASON],
        act=_act.get(),
    )


def _name(kind: Kind, state: State | None) -> str:
    return kind.name(state) if state else ""
