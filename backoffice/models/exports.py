"""Lists of requests that agents take out as files: each asked for, written by a worker, deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from backoffice.enums import ListExportState, SheetFormat
from backoffice.querysets import ListExportQuerySet


def file_of(export: "ListExport", _filename: str = "") -> str:
    """Where its file lies: told by the row alone, so that no broken attempt leaves another one."""
    return f"listes/{export.pk}"


class ListExport(models.Model):
    """One export of a list, for its owner alone and for a day; then the row tells that it was.

    `backoffice.actions.list_exports` has its verbs. What it took out also stands in the log of
    accesses, which lasts longer.

    Attributes:
        query: the list, as its address names it; never a text searched for.
        personal: whether it was asked for with the columns that name people.
        answers: whether with what the requests of the one prestation it is of answer to its form.
        total: rows there were when it was asked for, none counted beyond the most allowed.
        rows: rows written.
        columns: the headings of its file, in its language.
        rights: what its owner might see while it was written (`backoffice.exported_lists`).
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_exports"
    )
    query = models.TextField()
    personal = models.BooleanField()
    answers = models.BooleanField(default=False, db_default=False)
    format = models.CharField(max_length=4, choices=SheetFormat.choices)
    language = models.CharField(max_length=5)
    state = models.CharField(
        max_length=10, choices=ListExportState.choices, default=ListExportState.ASKED
    )
    total = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list, db_default=[])
    rights = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to=file_of, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = ListExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], name="one_list_export_at_a_time", condition=Q(state="asked")
            )
        ]
        indexes = [
            # read by the sweep
            models.Index(
                fields=["expires_at"],
                name="list_export_expiring",
                condition=Q(state__in=["asked", "ready"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.state == ListExportState.ASKED

    @property
    def is_ready(self) -> bool:
        return self.state == ListExportState.READY

    @property
    def prestation_code(self) -> str:
        """The prestation that its filters name; blank where none does."""
        return str(QueryDict(self.query).get("prestation", ""))

    @property
    def file_name(self) -> str:
        """What its owner's browser calls the file."""
        of = self.prestation_code or "demandes"
        return f"{of}-{self.asked_at:%Y-%m-%d}-{self.pk}.{self.format}"
