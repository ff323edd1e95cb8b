"""What somebody opened last: the search box offers it before a word is typed."""

from dataclasses import dataclass, field

from backoffice.actions.accesses import ABOUT_PEOPLE, CITIZEN, REQUEST, VIEW
from backoffice.finding import Line, line_of
from backoffice.record_page import records_open_to
from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from massy_grc.users.models import User
from requests.models import ServiceRequest

SHOWN = 4  # of each
LOOKS_READ = 60


@dataclass
class Recent:
    """The requests and the records opened last, newest first, as far as they may still be seen."""

    requests: list[Line] = field(default_factory=list)
    people: list[Citizen] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many in all."""
        return len(self.requests) + len(self.people)


def recently_opened(user: User) -> Recent:
    """Return what `user` looked at last, from their own looks. Three queries."""
    looks = AccessRecord.objects.filter(user=user, action=VIEW, object_type__in=ABOUT_PEOPLE)
    rows = looks.order_by("-at", "-id").values_list("object_type", "object_id")[:LOOKS_READ]
    newest: dict[str, list[int]] = {REQUEST: [], CITIZEN: []}
    for kind, pk in dict.fromkeys(rows):
        newest[kind].append(pk)
    requests = ServiceRequest.objects.visible_to(user).select_related("prestation")
    by_number = requests.in_bulk(newest[REQUEST])
    people = records_open_to(user).living().in_bulk(newest[CITIZEN])
    return Recent(
        [line_of(by_number[pk]) for pk in newest[REQUEST] if pk in by_number][:SHOWN],
        [people[pk] for pk in newest[CITIZEN] if pk in people][:SHOWN],
    )
