"""What the organisation's tables hold about people (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding(
        "prestations.Membership",
        Fate.KEPT,
        stays=("role", "arrival_mail"),
        why="about members of staff only",
    ),
    Holding("prestations.Training", Fate.KEPT, why="about members of staff only"),
    Holding(
        "prestations.AudienceChoice",
        Fate.KEPT,
        stays=("audience",),
        why="a journal of administrators' ticks",
    ),
]
