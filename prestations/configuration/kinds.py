"""What of the town's settings is recorded: each kind says its state and puts one back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

State = dict[str, Any]


@dataclass(frozen=True)
class PutForward:
    """What an act gave a second person to decide.

    Attributes:
        mark: names it for the program.
        name: what people call that which it is about.
        kind: one of what it is, as people call it.
        actor, at: who put it forward, and when.
        take_back: withdraws it for an `actor`; None: the second person has decided.
    """

    mark: str
    name: str
    kind: str | Promise
    actor: Any
    at: datetime
    take_back: Callable[..., object] | None


@dataclass(frozen=True)
class Kind:
    """One kind of object of the configuration.

    Attributes:
        code: stable; the block of an exported file.
        label: one of them, as people call it.
        keys: those in use, in their order.
        snapshot: the state of one, plain, in the shape of the town's files; None: not in use.
        name: what people call the one with this state.
        restore: makes the one with this key so (None: takes it out of use), by the loader's own
            writer; None where an earlier state cannot be put back.
        faults: why a state does not go with the rest of the configuration, as people read it.
        schema: of an exported state; None: the kind stays out of exports.
        misread: what of a state of that shape still cannot be read, as people read it.
        searched: whether the portal's search reads it.
        fixed: why an earlier state is not put back from the history.
        stays: one that a file does not name is left as it is.
        portable: what of a state an exported file holds; None: nothing of it.
        listed: the states of all at once, where that saves a query for each.
        filled: completes a state kept when less of it was recorded, with what holds today.
        returned: an earlier state of the one with this key as it would come back today, where not
            all of it does.
        not_returned: why the rest of it does not.
        propose: puts in force what one person may, and puts the rest forward to a second person;
            returns whether something waits for them.
        needed_at_first: in force at once on an installation without a town, where nothing stands
            in for it meanwhile.
        put_forward: what an act put forward so, unless it was replaced or withdrawn since.
        awaited: states of what waits for its first approval, which an exported file holds too.
        named_by: what names the one with this key, and does without it while it waits.
        key_of: the key of what a file describes; "" when nobody here has it.
        acts: whether one so is in force; out of it, it comes back there only by a replay.
        keeps_off: one taken out of use is only switched off: it still has a snapshot.
    """

    code: str
    label: str | Promise
    keys: Callable[[], Iterable[str]]
    snapshot: Callable[[str], State | None]
    name: Callable[[State], str]
    restore: Callable[..., None] | None = None
    faults: Callable[[str, State | None], list[str]] = lambda key, state: []
    schema: dict[str, Any] | None = None
    misread: Callable[[State], list[str]] = lambda state: []
    searched: bool = False
    fixed: str | Promise = ""
    stays: bool = False
    portable: Callable[[State], State | None] = lambda state: state
    listed: Callable[[], dict[str, State]] | None = None
    key_of: Callable[[State], str] = lambda state: state["code"]
    filled: Callable[[State], State] = lambda state: state
    returned: Callable[[str, State], State] = lambda key, state: state
    not_returned: str | Promise = ""
    propose: Callable[..., bool] | None = None
    needed_at_first: bool = False
    put_forward: Callable[[UUID], list[PutForward]] = lambda act: []
    awaited: Callable[[], list[State]] = list
    named_by: Callable[[str], list[str]] = lambda key: []
    acts: Callable[[State], bool] = lambda state: False
    keeps_off: bool = False

    def states(self) -> dict[str, State]:
        """Return the states in use by key, in their order."""
        if self.listed is not None:
            return self.listed()
        found = ((key, self.snapshot(key)) for key in self.keys())
        return {key: state for key, state in found if state is not None}

    def is_now(self, key: str, state: State | None) -> bool:
        """Whether the one with this key is so today (None: out of use)."""
        if state is None and self.keeps_off:
            return key not in self.keys()
        return self.snapshot(key) == state

    def put(self, key: str, state: State | None, *, actor, first: bool = False) -> bool:
        """Make the one with this key so; return whether a second person has to agree first.

        Args:
            first: no town is loaded yet.

        Raises:
            ChangeRefused: its words cannot be put forward.
        """
        if self.propose is not None and not (first and self.needed_at_first):
            return self.propose(key, state, actor=actor)
        assert self.restore is not None
        self.restore(key, state, actor=actor)
        return False


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known, in the order in which a file names them: what is named comes first."""
    _KINDS.update({kind.code: kind for kind in kinds})


def all_kinds() -> list[Kind]:
    """Every kind, in the order in which they refer to each other."""
    return list(_KINDS.values())


def kind_of(code: str) -> Kind:
    """Return a kind by its code.

    Raises:
        KeyError: unknown.
    """
    return _KINDS[code]
