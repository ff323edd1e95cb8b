"""What the organisation's tables hold about people (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

COUNTS = "counts by day, and what the campaign leads to: nobody's"
_OF_CAMPAIGNS = ("Day", "_prestations", "_articles", "_departments", "_teams")

HOLDINGS = [
    *(Holding(f"prestations.Campaign{part}", Fate.KEPT, why=COUNTS) for part in _OF_CAMPAIGNS),
    Holding(
        "prestations.Membership",
        Fate.KEPT,
        stays=("role", "arrival_mail"),
        why="about members of staff only",
    ),
    Holding("prestations.RightHolder", Fate.KEPT, why="about members of staff only"),
    Holding("prestations.Training", Fate.KEPT, why="about members of staff only"),
    Holding(
        "prestations.Campaign",
        Fate.KEPT,
        stays=("code", "name", "name_en", "text", "text_en", "channels"),
        why="the town's own words, and which member of staff wrote them",
    ),
    Holding(
        "prestations.AudienceChoice",
        Fate.KEPT,
        stays=("audience",),
        why="a journal of administrators' ticks",
    ),
]
