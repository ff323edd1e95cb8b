"""What merges of records did to a request: its requester's record became another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from citizens.models import CitizenMerge
from massy_grc.common.empties import may_hold
from massy_grc.users.models import User
from requests.actions.records import MOVED_REQUESTS
from requests.models import ServiceRequest


@dataclass(frozen=True)
class RecordChange:
    """A change of record in the life of a request; no event of its own, nothing else moved."""

    at: datetime
    actor: User
    words: str


def record_changes(sr: ServiceRequest) -> Iterator[RecordChange]:
    """Yield when the request went over to another record of its requester, and back.

    One query at most.
    """
    if sr.citizen is None or not may_hold(sr.citizen, "merges", "given_up_in"):
        return
    merges = CitizenMerge.objects.filter(
        Q(kept=sr.citizen_id) | Q(gone=sr.citizen_id), moved__contains={MOVED_REQUESTS: [sr.pk]}
    )
    for merge in merges.select_related("merged_by", "undone_by").order_by("pk"):
        yield RecordChange(
            merge.merged_at, merge.merged_by, _("Passée à l’autre fiche de la même personne")
        )
        if merge.undone_at and merge.undone_by:
            yield RecordChange(
                merge.undone_at, merge.undone_by, _("Rendue à sa fiche : les fiches sont séparées")
            )
