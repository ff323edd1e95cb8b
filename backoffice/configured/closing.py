"""What a department or a site handed on when it closed: to be put back, or not, on reopening."""

from dataclasses import dataclass
from datetime import timedelta

from massy_grc.audit.models import AccessRecord
from massy_grc.users.models import User
from prestations.configuration import all_kinds
from prestations.models import ConfigurationChange

ONE_ACT = timedelta(seconds=30)  # the changes of one act are written together
MOST = 200


@dataclass(frozen=True)
class Changed:
    """One other setting that the closing changed, with the name of its kind."""

    label: str
    change: ConfigurationChange


@dataclass(frozen=True)
class HandedOn:
    """The act that closed something.

    `changes`: the other settings it changed; `agents`: whose place
    it changed.
    """

    closing: ConfigurationChange
    changes: list[Changed]
    agents: list[User]


def handed_on(kind: str, code: str) -> HandedOn | None:
    """Return what went elsewhere when it last closed; None when no page closed it."""
    closing = ConfigurationChange.objects.filter(kind=kind, key=code, after__isnull=True).first()
    if closing is None:
        return None
    together = ConfigurationChange.objects.filter(
        actor=closing.actor_id,
        reason=closing.reason,
        at__range=(closing.at - ONE_ACT, closing.at + ONE_ACT),
    ).exclude(pk=closing.pk)
    labels = {one.code: str(one.label) for one in all_kinds()}
    moved = AccessRecord.objects.filter(
        action__in=[f"{act}:{code}"[:40] for act in ("role_moved", "role_ended", "site_moved")],
        object_type="user",
        at__range=(closing.at - ONE_ACT, closing.at + ONE_ACT),
    )
    rows = together.order_by("kind", "name")[:MOST]
    agents = User.objects.filter(pk__in=moved.values("object_id"))
    changes = [Changed(labels.get(one.kind, one.kind), one) for one in rows]
    return HandedOn(closing, changes, list(agents))
