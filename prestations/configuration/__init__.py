"""The configuration: recorded at each change, compared, brought back, exported and imported.

`with recorded("departments", code, actor=user, reason="…"):` around a change keeps it.
"""

from prestations.configuration.kinds import Kind, PutForward, State, all_kinds, kind_of, register
from prestations.configuration.recording import (
    Recording,
    act_of_now,
    digest_of,
    one_act,
    recorded,
    recorded_all,
    seen_of,
    states,
)

__all__ = [
    "Kind",
    "PutForward",
    "Recording",
    "State",
    "act_of_now",
    "all_kinds",
    "digest_of",
    "kind_of",
    "one_act",
    "recorded",
    "recorded_all",
    "register",
    "seen_of",
    "states",
]
