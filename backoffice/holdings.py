"""The back office's own tables, and what becomes of them (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding(
        "backoffice.SavedView",
        Fate.KEPT,
        stays=("name", "query", "role"),
        why="filters, and who of the staff keeps them; a text searched for is never among them",
    ),
    Holding(
        "backoffice.ListExport",
        Fate.KEPT,
        stays=("query", "format", "language", "state", "rights", "file"),
        why="filters and numbers; files that name people go with the first erasure, or in a day",
    ),
]
