"""A role goes to another department or site, when its own closes."""

from backoffice.actions.accesses import record_access
from prestations.models import Membership

COLUMNS = ("user", "role", "team", "department", "site")


def move_role(place: Membership, *, actor, action: str, **to) -> None:
    """Give a role another place, and note it; who has that very role there keeps one.

    Args:
        action: what the record calls it; cut off behind 40 letters.
        to: the columns that change.
    """
    record_access(user=actor, action=action[:40], object_type="user", object_id=place.user_id)
    if Membership.objects.filter(**{name: getattr(place, name) for name in COLUMNS} | to).exists():
        place.delete()
        return
    for name, value in to.items():
        setattr(place, name, value)
    place.save(update_fields=list(to))
