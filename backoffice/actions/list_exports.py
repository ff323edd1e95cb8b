"""Verbs of a list taken out as a file: asked for, written by a worker, fetched, deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.accesses import EXPORT, LIST_EXPORT, record_access
from backoffice.enums import ListExportState, SheetFormat
from backoffice.models import ListExport
from backoffice.models.exports import file_of
from backoffice.queues import view_of
from massy_grc.outbox.api import publish, queue_delivery
from massy_grc.users.models import User
from requests.actions import notify, wanting_mail
from requests.enums import NoticeKind
from requests.exceptions import MissingInput, NotAllowed

LIFE = timedelta(hours=24)
REMEMBERED = timedelta(days=30)  # then the row goes; the log of accesses stays
A_DAY = timedelta(days=1)
MOST_A_DAY = 10
MOST_ROWS = 50_000


@transaction.atomic
def ask_list_export(
    *,
    actor: User,
    query: str,
    personal: bool,
    file_format: SheetFormat,
    total: int,
    language: str,
    answers: bool = False,
    now: datetime | None = None,
) -> ListExport:
    """Ask for a list as a file; a worker writes it. One at a time: asked twice, it is the same.

    Args:
        query: of `backoffice.exported_lists.exported_query`.
        personal: whether with the columns that name people.
        total: how many rows it has now.
        answers: whether with those of the form of the one prestation that `query` names.

    Raises:
        NotAllowed: a list that one may not open.
        MissingInput: another one is being written, or too many in a day.
    """
    now = now or timezone.now()
    if view_of(query, actor, behind_figures=True) is None:
        raise NotAllowed(_("Vous n’avez pas accès à cette liste."))
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    mine = ListExport.objects.filter(owner=actor)
    running = mine.filter(state=ListExportState.ASKED).first()
    asked = (query, file_format, answers)
    if running and (running.query, running.format, running.answers) == asked:
        return running
    if running:
        raise MissingInput(_("Un de vos exports se prépare déjà : attendez-le ou annulez-le."))
    if mine.filter(asked_at__gt=now - A_DAY).count() >= MOST_A_DAY:
        raise MissingInput(
            _("Vous avez déjà fait %(n)d exports en 24 heures. Revenez demain.") % {"n": MOST_A_DAY}
        )
    export = ListExport.objects.create(
        owner=actor,
        query=query,
        personal=personal,
        answers=answers,
        format=file_format,
        language=language,
        total=min(total, MOST_ROWS),
        asked_at=now,
        expires_at=now + LIFE,
    )
    publish("list.export", key=f"list.export:{export.pk}", export_id=export.pk)
    return export


@transaction.atomic
def finish_list_export(
    *,
    export: ListExport,
    content: IO[bytes],
    columns: Sequence[str],
    rows: int,
    rights: str,
    now: datetime | None = None,
) -> bool:
    """Keep the file and note what it takes out; return False when nobody waits for it any more.

    Args:
        columns: the headings.
        rights: of `backoffice.exported_lists.rights_of`, under which it was written.
    """
    now = now or timezone.now()
    waiting = ListExport.objects.filter(pk=export.pk, state=ListExportState.ASKED)
    if not waiting.update(
        state=ListExportState.READY,
        columns=list(columns),
        rows=rows,
        rights=rights,
        ready_at=now,
        expires_at=now + LIFE,
        file=file_of(export),
    ):
        return False
    storage = export.file.storage
    storage.delete(file_of(export))  # of an attempt that a crash cut short
    storage.save(file_of(export), File(content))
    record_access(
        user=export.owner,
        action=EXPORT,
        object_type=LIST_EXPORT,
        object_id=export.pk,
        detail={
            "query": export.query,
            "rows": rows,
            "format": export.format,
            "personal": export.personal,
            "answers": export.answers,
        },
    )
    return True


def tell_export_ready(*, export_id: int) -> None:
    """Tell its owner that the file can be fetched; by mail too, if they want it so."""
    ready = ListExport.objects.filter(pk=export_id, state=ListExportState.READY)
    export = ready.select_related("owner").first()
    if export is None:
        return
    key = f"list.export:{export.pk}"
    notify([export.owner], kind=NoticeKind.EXPORT, key=key, about=str(export.pk))
    if wanting_mail(NoticeKind.EXPORT, [], also=[export.owner]):
        page = settings.PUBLIC_URL + reverse("backoffice:list_export", args=[export.pk])
        queue_delivery(
            key=f"{key}:ready",
            to=str(export.owner.email),  # an agent always has one
            subject="Votre export est prêt",
            body=f"Bonjour,\n\nVotre export est prêt, pour 24 heures : {page}",
            internal=True,
        )


def refuse_list_export(*, export_id: int) -> None:
    """Write nothing: its owner may not read that list any more, or its filters make no sense."""
    ListExport.objects.filter(pk=export_id, state=ListExportState.ASKED).update(
        state=ListExportState.REFUSED
    )


@transaction.atomic
def cancel_list_export(*, actor: User, export_id: int) -> bool:
    """Give up one's own export, or delete its file; return whether there was anything to stop.

    Raises:
        ListExport.DoesNotExist: none of one's own.
    """
    export = ListExport.objects.select_for_update(of=("self",)).get(pk=export_id, owner=actor)
    if not (export.is_running or export.is_ready):
        return False
    _end(export, ListExportState.CANCELLED if export.is_running else ListExportState.EXPIRED)
    return True


@transaction.atomic
def drop_exports_naming_people() -> int:
    """Delete the files that may name somebody who has just been erased; return how many."""
    exports = list(ListExport.objects.alive().naming_people().select_for_update(of=("self",)))
    for export in exports:
        _end(export, ListExportState.EXPIRED)
    return len(exports)


@transaction.atomic
def sweep_list_exports(now: datetime) -> int:
    """Delete the files that are over, and rows of long ago; return how many exports ended."""
    over = ListExport.objects.alive().filter(expires_at__lt=now)
    ended = 0
    for export in over.select_for_update(of=("self",), skip_locked=True):
        _end(export, ListExportState.FAILED if export.is_running else ListExportState.EXPIRED)
        ended += 1
    for export in ListExport.objects.over().filter(expires_at__gt=now - A_DAY):
        export.file.storage.delete(file_of(export))  # what a killed worker left
    ListExport.objects.filter(asked_at__lt=now - REMEMBERED).delete()
    return ended


def _end(export: ListExport, state: ListExportState) -> None:
    export.state, export.file = state, ""
    export.save(update_fields=["state", "file"])
    transaction.on_commit(partial(export.file.storage.delete, file_of(export)))
