"""What citizens said of a department's work, for its own people (S52)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from prestations.models import Department
from requests.enums import RatingScore
from requests.models import Rating

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Satisfaction:
    """The opinions of the last 90 days on the requests a department worked on.

    Attributes:
        scored, satisfied: opinions with a score; those of them « Bien » or better.
        asked, solved: who said whether it is solved; those of them who said yes.
    """

    department: Department
    scored: int
    satisfied: int
    asked: int
    solved: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.satisfied / self.scored) if self.scored else None

    @property
    def percent_solved(self) -> int | None:
        return round(100 * self.solved / self.asked) if self.asked else None


def satisfaction_of(departments: Collection[str], now: datetime) -> list[Satisfaction]:
    """Return the figures of each of `departments`, two queries; none for nobody's."""
    if not departments:
        return []
    lately = Rating.objects.filter(request__department__in=departments, at__gte=now - WINDOW)
    counted = (
        lately.order_by()
        .values("request__department")
        .annotate(
            scored=Count("score"),
            satisfied=Count("pk", filter=Q(score__gte=RatingScore.GOOD)),
            asked=Count("solved"),
            solved=Count("pk", filter=Q(solved=True)),
        )
    )
    by_code = {
        code: numbers
        for code, *numbers in counted.values_list(
            "request__department", "scored", "satisfied", "asked", "solved"
        )
    }
    rows = Department.objects.filter(pk__in=departments)
    return [Satisfaction(one, *by_code.get(one.pk, (0, 0, 0, 0))) for one in rows]
