"""Who looked at whose file (R24: reads of citizen files are logged)."""

from typing import Any

from django.utils import timezone
from structlog.contextvars import get_contextvars

from backoffice.enums import LookReason
from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from massy_grc.common.empties import may_hold
from requests.models import Contact, ServiceRequest

VIEW, DOWNLOAD, SEARCH, EXPORT, PRINT = "view", "download", "search", "export", "print"
CITIZEN, REQUEST = ABOUT_PEOPLE = ("citizen", "request")  # the two kinds that tell of a person
LIST_EXPORT, PRINT_BATCH, CONFIGURATION = "list_export", "print_batch", "configuration"
EXPORT_SETTINGS = "configuration:export"
REFUSED_ROWS = "configuration:refused"  # of an import, as a file: they may name agents
REVIEW = "review"  # who had looked at one record
VIEW_RESERVED = "view_reserved"  # what of a record only named right-holders see


def record_access(
    *, user, action: str, object_type: str, object_id: int, detail: dict | None = None
) -> None:
    """Note that `user` looked at one object. One insert; append-only.

    Args:
        action: `VIEW`, `VIEW_RESERVED`, `DOWNLOAD`…
        object_type: ``request``, ``citizen``, ``print_batch``, ``list_export``…
        detail: of an export, what it took out; of a look at a record, `why_looked`; no word about
            a person.
    """
    AccessRecord.objects.create(
        user=user,
        action=action,
        object_type=object_type,
        object_id=object_id,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
        detail=detail,
    )


def record_look(user, citizen_id: int, why: dict, *, action: str = VIEW) -> None:
    """Note that `user` looked at a person's record.

    Args:
        why: what `why_looked` or `looked_for` returns.
    """
    record_access(user=user, action=action, object_type=CITIZEN, object_id=citizen_id, detail=why)


def looked_for(reason: LookReason) -> dict[str, str]:
    """Return the `detail` of a look that a page's own purpose explains."""
    return {"why": str(reason)}


def why_looked(user, citizen: Citizen) -> dict[str, Any]:
    """Return the `detail` of a look at a record: what ties `user` to the person now.

    Found, not asked: an agent at the counter has no time to say it, and would always say the same.
    """
    rows = ServiceRequest.objects.visible_to(user).filter(citizen=citizen).open()
    held = rows.order_by().values_list("assignee", "front_agent")
    open_ones = list(held) if may_hold(citizen, "requests") else []
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if any(user.pk in those_in_charge for those_in_charge in open_ones):
        return looked_for(LookReason.IN_CHARGE)
    contacts = Contact.objects.filter(citizen=citizen, agent=user, at__gte=today)
    if may_hold(citizen, "contacts") and contacts.exists():
        return looked_for(LookReason.CONTACT)
    looks = AccessRecord.objects.filter(object_type=CITIZEN, object_id=citizen.pk, user=user)
    if looks.filter(at__gte=today, detail__why=LookReason.RECEPTION).exists():
        return looked_for(LookReason.RECEPTION)
    return looked_for(LookReason.OPEN if open_ones else LookReason.NONE)


def record_opening(user, sr: ServiceRequest, *, action: str = VIEW, file: str = "") -> None:
    """Note that `user` read a request or a part of it, and what ties them to it now.

    Args:
        action: `VIEW`, `DOWNLOAD` or `PRINT`.
        file: which of its files was read, by kind and number.
    """
    if user.pk in (sr.assignee_id, sr.front_agent_id):
        why = LookReason.IN_CHARGE
    else:
        why = LookReason.OPEN if sr.is_open else LookReason.NONE
    detail = looked_for(why) | ({"file": file} if file else {})
    record_access(user=user, action=action, object_type=REQUEST, object_id=sr.pk, detail=detail)
