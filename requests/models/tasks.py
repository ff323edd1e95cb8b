"""What other departments are asked to do on a request, while one of them leads it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests.enums import Opinion, TaskEnd, TaskKind
from requests.models.request import ServiceRequest


class Task(models.Model):
    """A piece of work, or an opinion, asked of one department.

    Tasks of one `rank` go on together; those of the next rank begin when all before have ended.

    Attributes:
        due_at: under the citizen's own date when it was asked; it follows that date's clock.
        started_at: when its turn came; None while tasks before it are under way.
        answer_due_at: until when the department accepts or declines it, from its turn on.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=10, choices=TaskKind.choices)
    department = models.ForeignKey(
        "prestations.Department", on_delete=models.PROTECT, related_name="+"
    )
    rank = models.PositiveSmallIntegerField()
    asked = models.TextField(_("ce qui est demandé"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    end = models.CharField(max_length=10, choices=TaskEnd.choices, blank=True)
    opinion = models.CharField(max_length=12, choices=Opinion.choices, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        ordering = ["rank", "id"]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                name="task_open_by_department",
                condition=Q(ended_at=None, started_at__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="task_ends_somehow",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.department_id} {self.kind}"

    @property
    def is_open(self) -> bool:
        """Whether its turn has come and it has not ended."""
        return self.started_at is not None and self.ended_at is None

    @property
    def owed_dates(self) -> dict[str, datetime]:
        """What the department owes, by field: they follow the clock of the request's own date."""
        dates = {"due_at": self.due_at, "answer_due_at": self.answer_due_at}
        return {name: moment for name, moment in dates.items() if moment is not None}
