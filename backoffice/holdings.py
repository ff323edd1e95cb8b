"""The back office's own tables, and what becomes of them (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

HOLDINGS = [
    Holding(
        "backoffice.SettingsImport",
        Fate.KEPT,
        stays=("kind", "file_name", "content", "language", "state", "found", "refused"),
        why="the town's settings or staff; refused rows stay a day, the rest goes when used",
    ),
    Holding(
        "backoffice.BulkRun",
        Fate.KEPT,
        stays=("kind", "data", "language"),
        why="who of the staff chose what for many requests; what they typed goes with the last row",
    ),
    Holding(
        "backoffice.BulkRow",
        Fate.KEPT,
        stays=("outcome", "words", "back", "undoing", "undo_words"),
        why="which requests, and why one was refused: codes and the program's words; for 30 days",
    ),
    Holding(
        "backoffice.SavedView",
        Fate.KEPT,
        stays=("name", "query", "role"),
        why="filters, and who of the staff keeps them; a text searched for is never among them",
    ),
    Holding(
        "backoffice.ListExport",
        Fate.KEPT,
        stays=("query", "columns", "format", "language", "state", "rights", "file"),
        why="filters and numbers; files that name people go with the first erasure, or in a day",
    ),
]
