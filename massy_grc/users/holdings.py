"""What log-ins hold, and what becomes of it (massy_grc.common.personal_data)."""

from massy_grc.common.personal_data import Fate, Holding

STAFF = "about members of staff only"

HOLDINGS = [
    Holding(
        "users.User",
        Fate.EMPTIED,
        emptied={"email": None, "first_name": "", "last_name": "", "job_title": "", "closing": ""},
        stays=("password", "kind", "theme"),
        exported=True,
        why="the password is made unusable; a log-in of staff is not a citizen's",
    ),
    Holding("account.EmailAddress", Fate.DELETED, exported=True),
    Holding("account.EmailConfirmation", Fate.DELETED, why="a token without content"),
    Holding("mfa.Authenticator", Fate.DELETED, why="secrets: a copy would weaken the log-in"),
    Holding(
        "sessions.Session",
        Fate.DELETED,
        why="ids only, without a key to a person; ends with the log-in and when it expires",
    ),
    Holding(
        "admin.LogEntry", Fate.KEPT, stays=("object_id", "object_repr", "change_message"), why=STAFF
    ),
    Holding("users.User_groups", Fate.KEPT, why=STAFF),
    Holding("users.User_user_permissions", Fate.KEPT, why=STAFF),
]
