"""Whether the log of events is whole: its chains, its seals, and the requests beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from massy_grc.audit.chain import Chain
from massy_grc.audit.seals import broken_seals
from requests.models import RequestEvent, ServiceRequest


@dataclass(frozen=True)
class Break:
    """Something that does not hold: where, and what is wrong, in words."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def breaks() -> Iterator[Break]:
    """Check everything again; yield what does not hold. Reads each log twice, all in SQL."""
    for link in Chain.of(RequestEvent).broken_links(RequestEvent):
        yield Break(f"request {_reference(link.within)}, event {link.number}", link.what)
    for reference, state, count, last_state, last_number in _beside_their_log().iterator():
        yield Break(
            f"request {reference}, event {last_number}",
            f"the log ends here in state '{last_state}',"
            f" the request says event {count}, state '{state}'",
        )
    for number, what in broken_seals():
        yield Break(f"seal {number}", what)


def _reference(request_id: int | None) -> str:
    found = ServiceRequest.objects.filter(pk=request_id or 0).values_list("reference", flat=True)
    return found.first() or f"id {request_id}"


def _beside_their_log() -> QuerySet:
    """The requests whose state or number of events is not what the last event says."""
    last = RequestEvent.objects.filter(request=OuterRef("pk")).order_by("-number")
    return (
        ServiceRequest.objects.annotate(
            last_state=Coalesce(Subquery(last.values("to_state")[:1]), Value("")),
            last_number=Coalesce(Subquery(last.values("number")[:1]), 0),
        )
        .exclude(state=F("last_state"), event_count=F("last_number"))
        .values_list("reference", "state", "event_count", "last_state", "last_number")
    )
