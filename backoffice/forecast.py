"""What will be late within seven days if nothing moves, by department and by agent.

The rule is simple on purpose, and told on the page: a request whose clock runs, that has no answer
yet, and whose due date lies between now and the end of the seventh day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.enums import NO_DEPARTMENT, NOBODY
from massy_grc.users.models import User
from prestations.calendars import PARIS, midnight
from prestations.models import Department
from requests.querysets import ServiceRequestQuerySet

VIEW = "sept-jours"
DAYS = 7


@dataclass(frozen=True)
class Line:
    """One department or agent: how many, and the list of exactly these."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Forecast:
    """The lines, the most first, the whole, and the last day that is looked at."""

    departments: list[Line]
    agents: list[Line]
    total: Line
    last_day: date


def forecast(
    rows: ServiceRequestQuerySet, now: datetime, chosen: Mapping[str, str] | None = None
) -> Forecast:
    """Count the requests of `rows` that will be late within seven days.

    Args:
        chosen: what the lists behind the numbers are narrowed to: the filters' names and values.
    """
    found = rows.late_by(now, horizon(now))
    chosen = dict(chosen or {})
    places, people = _counts(found, "department"), _counts(found, "assignee")
    names = {one.pk: str(one) for one in Department.objects.filter(pk__in=places)}
    agents = {one.pk: one.list_name for one in User.objects.filter(pk__in=people)}
    return Forecast(
        departments=[
            _line(
                names.get(pk, _("Accueil, sans service responsable")),
                count,
                chosen,
                departement=pk or NO_DEPARTMENT,
            )
            for pk, count in places.items()
        ],
        agents=[
            _line(agents.get(pk, _("Sans chargé de dossier")), count, chosen, charge=pk or NOBODY)
            for pk, count in people.items()
        ],
        total=_line("", sum(places.values()), chosen),
        last_day=now.astimezone(PARIS).date() + timedelta(days=DAYS),
    )


def horizon(now: datetime) -> datetime:
    """The midnight that ends the seventh day after today, in Paris."""
    return midnight(now.astimezone(PARIS).date() + timedelta(days=DAYS + 1))


def _counts(rows: ServiceRequestQuerySet, by: str) -> dict:
    counted = rows.order_by().values_list(by).annotate(count=Count("pk")).order_by("-count", by)
    return dict(counted)


def _line(label: str, count: int, chosen: dict[str, str], **kind) -> Line:
    query = urlencode({"vue": VIEW, **chosen, **kind})
    return Line(label, count, f"{reverse('backoffice:queue')}?{query}")
