"""What an act would do to each chosen request, told before anything is done."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from backoffice.bulk.kind import Kind, known_to
from backoffice.presenting import merged_badge, state_badge
from massy_grc.users.models import User
from prestations.models import Software
from requests.models import ServiceRequest, Task

_CHOSEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
HEAVY = ("answers", "papers", "search_vector", "conclusion")


@dataclass(frozen=True)
class PreviewRow:
    """One chosen request.

    Attributes:
        why_not: why nothing will be done to it; "" where it will.
        lasting: why that could not be undone; "" where it could.
        changed: whether it is another version than the list showed.
    """

    sr: ServiceRequest
    state: SafeString
    will: str
    why_not: str
    lasting: str
    changed: bool

    @property
    def value(self) -> str:
        """What the form sends of it: which request, and as it is shown."""
        return f"{self.sr.pk}.{self.sr.version}"


def chosen_rows(values: Iterable[str]) -> dict[int, int]:
    """The versions shown of the requests that were ticked, by their ids; the rest is left out."""
    found = (_CHOSEN.fullmatch(value) for value in values)
    return {int(one[1]): int(one[2]) for one in found if one}


def preview(kind: Kind, user: User, chosen: Mapping[int, int]) -> list[PreviewRow]:
    """Tell of each request that `user` sees, in their order; the same queries for any number."""
    open_tasks = Task.objects.filter(ended_at=None, started_at__isnull=False)
    requests = (
        ServiceRequest.objects.visible_to(user)
        .select_related("prestation", "assignee", "front_agent", "department")
        .prefetch_related(Prefetch("tasks", open_tasks, to_attr="running"))
        .defer(*HEAVY)
        .in_bulk(list(chosen))
    )
    known = known_to(user, requests)
    programs = Software.objects.double_entry().in_bulk()
    rows = []
    for pk, version in chosen.items():
        if sr := requests.get(pk):
            sr.__dict__["_working_on"] = {task.department_id for task in sr.__dict__["running"]}
            program = programs.get(sr.prestation.legacy_software)
            sr.prestation.__dict__["double_entry_in"] = program
            why_not = kind.why_not(sr, user) or kind.already(sr, user, {}, known)
            rows.append(
                PreviewRow(
                    sr=sr,
                    state=merged_badge() if sr.merged_into_id else state_badge(sr),
                    will="" if why_not else kind.will(sr, user),
                    why_not=why_not,
                    lasting="" if why_not else kind.lasting(sr, known),
                    changed=sr.version != version,
                )
            )
    return rows
