"""A Proximité report as everybody may see it: kind, place, state and dates; never who, never text.

`PublicReport` is all that the public page, the plan and the feed are given: what is not in it
cannot leak. Which requests are public: `ServiceRequestQuerySet.public_reports`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.translation import catalogue_text
from requests.actions.sending import as_told
from requests.enums import State
from requests.models import RequestEvent, ServiceRequest


class Stage(models.TextChoices):
    """Where a report stands in public; finer states are between the town and the requester."""

    RECEIVED = "signale", gettext_lazy("Signalé")
    PROGRESS = "en-cours", gettext_lazy("En cours de traitement")
    DONE = "termine", gettext_lazy("Terminé")


# the kinds of badges of docs/design-system.md; on the plan, a shape each
STAGE_KINDS = {Stage.RECEIVED: "new", Stage.PROGRESS: "progress", Stage.DONE: "done"}

_RECEIVED = (State.ENREGISTREE, State.A_QUALIFIER)


def stage_of(state: str) -> Stage | None:
    """Return the public stage of a state; None for a request that is no longer public."""
    if state == State.ANNULEE:
        return None
    if state in _RECEIVED:
        return Stage.RECEIVED
    return Stage.DONE if state == State.CLOSE else Stage.PROGRESS


def states_of(stage: Stage) -> list[str]:
    """Return the states of a stage, for a filter."""
    return [str(state) for state in State if stage_of(state) == stage]


@dataclass(frozen=True)
class PublicReport:
    """One report. `place` is the register's own words, never the requester's."""

    pk: int
    kind: str
    category: str
    place: str
    stage: Stage
    reported_at: datetime
    changed_at: datetime
    latitude: float | None
    longitude: float | None

    @property
    def title(self) -> str:
        """« Nid-de-poule, rue Jean Mermoz »."""
        return f"{self.kind}, {self.place}" if self.place else self.kind

    @property
    def url(self) -> str:
        return reverse("requests:report", args=[self.pk])

    @property
    def state_kind(self) -> str:
        """The badge's kind."""
        return STAGE_KINDS[self.stage]


def told_reports(rows: Iterable[ServiceRequest]) -> list[PublicReport]:
    """Return what everybody may know of `rows`, of `public_reports()`; one more query for all."""
    return [_report(row) for row in as_told(rows, timezone.now())]


def _report(row: ServiceRequest) -> PublicReport:
    place = ""
    if row.street:
        place = row.street.name
        if row.street_number:
            place = _("%(street)s, près du n° %(number)s") % {
                "street": place,
                "number": row.street_number,
            }
    return PublicReport(
        pk=row.pk,
        kind=catalogue_text(row.prestation.label),
        category=catalogue_text(row.category.label),
        place=place,
        stage=stage_of(row.state) or Stage.DONE,
        reported_at=row.arrived_at,
        changed_at=row.closed_at or row.department_since or row.arrived_at,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def stage_history(row: ServiceRequest) -> list[tuple[Stage, datetime]]:
    """Return each public stage with when it began; what happens inside a stage is not told."""
    steps = [(Stage.RECEIVED, row.arrived_at)]
    events = RequestEvent.objects.told(timezone.now()).filter(request=row).order_by("number")
    for state, at in events.values_list("to_state", "at"):
        stage = stage_of(state)
        if stage and stage != steps[-1][0]:
            steps.append((stage, at))
    return steps
