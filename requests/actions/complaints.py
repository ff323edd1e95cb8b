"""What Proximité notes about a complaint: how grave, abusive or not, why, what puts it right."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.models import RootCause, Severity
from requests.exceptions import MissingInput, NotAllowed, StaleRequest
from requests.models import Complaint, ServiceRequest
from requests.permissions import Right, scope_of


@transaction.atomic
def note_complaint(
    *,
    request_id: int,
    version: int,
    actor,
    severity: Severity | None = None,
    abusive: bool = False,
    cause: RootCause | None = None,
    action: str = "",
    action_on: date | None = None,
    action_done: bool = False,
    now: datetime | None = None,
) -> Complaint:
    """Keep what is noted about a complaint, whatever the state of its request.

    Args:
        version: that of the complaint when the form was shown; 0 before anything was noted.
        abusive: from now on its letters are neutral ones (S34).

    Raises:
        ServiceRequest.DoesNotExist: not to be known by `actor`.
        NotAllowed: `actor` does not handle complaints.
        StaleRequest: a colleague noted something meanwhile.
        MissingInput: what is still to be done gets a day that has passed.
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.HANDLE_COMPLAINTS):
        raise NotAllowed
    visible = ServiceRequest.objects.visible_to(actor)
    request = visible.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    known = Complaint.objects.filter(request=request).first()
    if (known.version if known else 0) != version:
        raise StaleRequest
    complaint = known or Complaint(request=request)
    refuse_past_day(action_on, complaint.action_on, done=action_done, now=now)
    complaint.version += 1
    complaint.severity, complaint.abusive, complaint.cause = severity, abusive, cause
    complaint.action, complaint.action_on = action.strip(), action_on
    complaint.action_done = action_done
    complaint.updated_by, complaint.updated_at = actor, now
    complaint.save()
    return complaint


def refuse_past_day(day: date | None, known: date | None, *, done: bool, now: datetime) -> None:
    """Bar a day that has passed for what is still to be done; one noted before may be late.

    Args:
        known: the day noted before, None for none.

    Raises:
        MissingInput: it says so.
    """
    if day and day != known and not done and day < timezone.localdate(now):
        raise MissingInput(
            _("Cette date est passée. Choisissez un jour à venir, ou notez que l’action est faite.")
        )
