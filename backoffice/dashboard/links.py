"""The addresses of the lists behind the numbers."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from backoffice.dashboard.period import Period
from backoffice.dashboard.reading import Selection
from backoffice.enums import NO_DEPARTMENT
from backoffice.filters import KEPT, MISSED
from backoffice.queues import BEHIND_FIGURES
from massy_grc.common.charts import format_value
from requests.enums import State

WAY_BACK = "pilotage"  # the dashboard's query, in the address of a list


@dataclass(frozen=True)
class Number:
    """A count and the address of the list of exactly that length; nothing to open for zero."""

    value: int
    url: str = ""

    def __post_init__(self):
        if not self.value:
            object.__setattr__(self, "url", "")

    @property
    def text(self) -> str:
        return format_value(self.value)


class Lists:
    """Addresses of the queue for one selection; `kind` narrows to a channel, a prestation…"""

    def __init__(self, selection: Selection):
        self.period = selection.period
        chosen = {"equipe": selection.team, "departement": selection.department}
        self.chosen = {name: value for name, value in chosen.items() if value}
        if selection.query:
            self.chosen[WAY_BACK] = selection.query
        self.address = reverse("backoffice:queue")

    def filed(self, period: Period | None = None, /, **kind: str) -> str:
        period = period or self.period
        return self._url(du=period.first.isoformat(), au=period.last.isoformat(), **kind)

    def closed(self, period: Period | None = None, /, **kind: str) -> str:
        period = period or self.period
        return self._url(
            etat=State.CLOSE.value,
            clos_du=period.first.isoformat(),
            clos_au=period.last.isoformat(),
            **kind,
        )

    def on_time(self, **kind: str) -> str:
        return self.closed(delai=KEPT, **kind)

    def late(self, **kind: str) -> str:
        return self.closed(delai=MISSED, **kind)

    def open(self, **kind: str) -> str:
        return self._url(ouvertes="on", **kind)

    def overdue(self, **kind: str) -> str:
        return self._url(retard="on", **kind)

    def every(self, **kind: str) -> str:
        """Of any day."""
        return self._url(**kind)

    def _url(self, **params: str) -> str:
        return f"{self.address}?{urlencode({'vue': BEHIND_FIGURES, **self.chosen, **params})}"


def of_department(code: str | None) -> dict[str, str]:
    """The filter of one department, or of the requests without any."""
    return {"departement": code or NO_DEPARTMENT}
