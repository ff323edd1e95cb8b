"""Writing an exported list, in a worker: row by row, as its owner may read it at that moment.

One statement reads all rows, so that the file shows one moment. How far it is stands in the cache:
the transaction that also marks the event as handled is committed with the file or not at all, so a
worker that is killed leaves nothing, and the next one begins again.
"""

import tempfile
from datetime import datetime
from typing import IO, Any

from django.core.cache import cache
from django.utils import timezone, translation

from backoffice.actions.list_exports import MOST_ROWS, finish_list_export, refuse_list_export
from backoffice.enums import ListExportState, SheetFormat
from backoffice.export_answers import READ, answer_columns, prestation_of
from backoffice.export_columns import Context, columns_for, values_of
from backoffice.exported_lists import exported_list, rights_of
from backoffice.listed import ListedRequests
from backoffice.models import ListExport
from massy_grc.common.spreadsheets import CsvSheet, Sheet, Value, XlsxSheet
from massy_grc.users.models import User
from prestations.forms.columns import AnswerColumns
from requests.permissions import scope_of

BATCH = 1000  # rows between two looks at whether somebody still waits for them
PROGRESS_KEPT = 600  # seconds


def progress_of(export: ListExport) -> int | None:
    """How many rows a worker has written; None before it begins, or without the cache."""
    return cache.get(_key(export.pk))


def write_list_export(*, export_id: int, now: datetime | None = None) -> None:
    """Write the file of an export that is asked for. A second call changes nothing."""
    now = now or timezone.now()
    export = ListExport.objects.get(pk=export_id)
    if not export.is_running:
        return
    owner = User.objects.get(pk=export.owner_id)
    listed = exported_list(export.query, owner, now)
    if listed is None or not listed.is_understood or (listed.figures_only and export.personal):
        refuse_list_export(export_id=export.pk)
        return
    prestation = prestation_of(listed, owner, MOST_ROWS) if export.answers else None
    if export.answers and prestation is None:
        refuse_list_export(export_id=export.pk)
        return
    with tempfile.TemporaryFile() as content, translation.override(export.language):
        answers = answer_columns(listed, prestation) if prestation else None
        table = _Table(export, listed, answers)
        rows = _fill(content, export, table, Context.of(scope_of(owner), now))
        if rows is None:
            return
        rights = rights_of(owner)
        if rights_of(User.objects.get(pk=owner.pk)) != rights:  # withdrawn while it was written
            refuse_list_export(export_id=export.pk)
            return
        content.seek(0)
        finish_list_export(
            export=export, content=content, columns=table.head, rows=rows, rights=rights
        )


class _Table:
    """What the file holds: the columns of the list, then those of the form, if asked."""

    def __init__(
        self, export: ListExport, listed: ListedRequests, answers: AnswerColumns | None
    ) -> None:
        # what was asked for without names stays so, whatever its owner may read meanwhile
        figures_only = not export.personal
        self.answers = answers
        self.columns = columns_for(
            listed.layout.columns,
            figures_only=figures_only,
            placed=answers is not None and answers.tells_place,
        )
        self.head = [str(column.label) for column in self.columns]
        self.rows = values_of(listed.rows, figures_only=figures_only, also=READ if answers else ())
        if answers:
            self.head += answers.headings(self.head)
            # none of a form that began to be used since they were read
            self.rows = self.rows.filter(form_version__in=answers.version_ids)

    def values(self, row: Any, context: Context) -> list[Value]:
        """One line of it."""
        values = [column.read(row, context) for column in self.columns]
        if self.answers:
            values += self.answers.values(row.form_version, row.answers, row.place)
        return values


def _fill(
    content: IO[bytes],
    export: ListExport,
    table: _Table,
    context: Context,
) -> int | None:
    """Write all rows; return how many, or None when nobody waits for them any more."""
    kind: type[CsvSheet | XlsxSheet] = CsvSheet if export.format == SheetFormat.CSV else XlsxSheet
    sheet: Sheet = kind(content, table.head)
    waiting = ListExport.objects.filter(pk=export.pk, state=ListExportState.ASKED)
    done = 0
    for row in table.rows[:MOST_ROWS].iterator(chunk_size=BATCH):
        if done % BATCH == 0:
            if not waiting.exists():  # a fresh look: others commit meanwhile
                return None
            cache.set(_key(export.pk), done, PROGRESS_KEPT)
        sheet.append(table.values(row, context))
        done += 1
    sheet.close()
    return done


def _key(export_id: int) -> str:
    return f"list-export:{export_id}"
