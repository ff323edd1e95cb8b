"""The right to Django's own administration: given on the server only, and written in the log."""

from django.db import transaction

from backoffice.actions.accesses import record_access
from massy_grc.users.models import User

OPENED, RENEWED, WITHDRAWN = "technical_open", "technical_renew", "technical_withdraw"
ENTERED = "technical_enter"
ON_SERVER = {
    "by": "server"
}  # nobody is logged in there: the entry bears the name of whose right it is


@transaction.atomic
def set_technical_access(*, email: str, opens: bool) -> str:
    """Give an agent the right, or withdraw it; return which of the acts it was, "" for none.

    Nobody acts here: whoever may run commands on the server may do this.

    Raises:
        User.DoesNotExist: no agent with an open access has this address.
    """
    agents = User.objects.agents().filter(is_active=True)
    user = agents.select_for_update().get(email=email.strip().lower())
    held = user.is_staff and user.is_superuser
    user.is_staff = user.is_superuser = opens
    user.save(update_fields=["is_staff", "is_superuser"])
    if opens:
        note_technical(user, RENEWED if held else OPENED)
        return RENEWED if held else OPENED
    if not held:
        return ""
    note_technical(user, WITHDRAWN)
    return WITHDRAWN


def note_technical(user: User, act: str) -> None:
    """Write in the log what was done on the server with somebody's right."""
    record_access(
        user=user, action=act, object_type="user", object_id=user.pk, detail=dict(ON_SERVER)
    )


def note_entered(user: User) -> None:
    """Write in the log that somebody opened the technical administration."""
    record_access(user=user, action=ENTERED, object_type="user", object_id=user.pk)
