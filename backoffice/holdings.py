"""The back office's own tables, and what becomes of them (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding(
        "backoffice.SavedView",
        Fate.KEPT,
        stays=("name", "query", "role"),
        why="filters, and who of the staff keeps them; a text searched for is never among them",
    ),
]
