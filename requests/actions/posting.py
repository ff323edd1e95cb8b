"""Letters on paper: printed in batches or one by one, and noting that they were posted."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.models import Site
from requests.actions.core import require
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, RequestError
from requests.letters.batch import Printed, batch_pdf, letter_to_print
from requests.letters.documents import PDF
from requests.letters.pdf import PdfUnavailable
from requests.models import BatchRemoval, Document, PersonalLetter, PrintBatch, ServiceRequest
from requests.permissions import Right, scope_of

logger = structlog.get_logger(__name__)

MOST_LETTERS = (
    100  # in a batch: an agent folds them, and the page waits while they are put together
)
FILE_LIFE = timedelta(days=30)  # of a batch that was posted


@transaction.atomic
def mark_posted(
    *,
    document_ids: Collection[int],
    personal_ids: Collection[int] = (),
    actor,
    now: datetime | None = None,
) -> int:
    """Note that letters were printed and posted; those already noted keep their date.

    Args:
        document_ids: `Document` rows that wait to be printed; others, those of a batch, and those
            that the actor may not see are left alone.
        personal_ids: `PersonalLetter` rows, likewise.
        actor: a front-office agent.

    Returns:
        How many were noted by this call.

    Raises:
        NotAllowed: letters are the front office's.
    """
    _check_right(actor)
    waiting = Document.objects.visible_to(actor).to_post().filter(pk__in=document_ids).order_by()
    personal = PersonalLetter.objects.to_post().filter(pk__in=personal_ids)
    now = now or timezone.now()
    return waiting.update(printed_at=now) + personal.order_by().update(printed_at=now)


@transaction.atomic
def make_batch(
    *, actor, site: Site | None = None, kind: str = "", now: datetime | None = None
) -> PrintBatch:
    """Put the oldest letters that wait into one file to print, behind a cover sheet.

    A letter whose file is gone or altered stays in the list; the log says which. Two agents at
    once get different letters.

    Args:
        site: only letters of requests logged at this site.
        kind: only letters of this kind (`DocumentQuerySet.with_kind`).

    Raises:
        MissingInput: no such letter waits.
        RequestError: this server makes no PDF.
    """
    _check_right(actor)
    now = now or timezone.now()
    rows = Document.objects.visible_to(actor).to_post().filter(media_type=PDF)
    if site is not None:
        rows = rows.filter(request__site=site)
    if kind:
        rows = rows.with_kind().filter(kind=kind)
    chosen = rows.select_related("request").select_for_update(skip_locked=True, of=("self",))
    letters = [one for one in map(_read, chosen[:MOST_LETTERS]) if one is not None]
    if not letters:
        raise MissingInput(_("Aucun courrier de ce choix n’attend d’être imprimé."))
    batch = PrintBatch.objects.create(
        media_type=PDF,
        size=0,
        site=site,
        kind=kind,
        letter_count=len(letters),
        page_count=0,
        made_by=actor,
        made_at=now,
    )
    _keep_file(batch, letters)
    Document.objects.filter(pk__in=[one.document.pk for one in letters]).update(batch=batch)
    return batch


@transaction.atomic
def post_batch(*, batch_id: int, actor, now: datetime | None = None) -> int:
    """Note that a whole batch was posted; returns how many letters were in it.

    Raises:
        IllegalTransition: it was noted already.
    """
    batch = _waiting_batch(batch_id, actor)
    batch.posted_by, batch.posted_at = actor, now or timezone.now()
    batch.save(update_fields=["posted_by", "posted_at"])
    return batch.letters.update(printed_at=batch.posted_at)


@transaction.atomic
def take_out_of_batch(
    *, batch_id: int, document_id: int, actor, reason: str, now: datetime | None = None
) -> BatchRemoval:
    """Put one letter of a batch back into the list of those that wait, saying why.

    Raises:
        IllegalTransition: the batch was posted.
        MissingInput: no reason, or a letter that is not in it.
    """
    batch = _waiting_batch(batch_id, actor)
    reason = require(reason, _("Dites pourquoi ce courrier ne part pas avec le lot."))
    if not batch.letters.filter(pk=document_id).update(batch=None):
        raise MissingInput(_("Ce courrier n’est plus dans le lot."))
    return BatchRemoval.objects.create(
        batch=batch,
        document_id=document_id,
        reason=reason[:300],
        by=actor,
        at=now or timezone.now(),
    )


@transaction.atomic
def drop_batch_files(batches) -> int:
    """Delete the files of batches, whose letters stand with their requests; returns how many."""
    dropped = 0
    for batch in batches.exclude(file="").select_for_update():
        transaction.on_commit(partial(batch.file.storage.delete, batch.file.name))
        batch.file = ""
        batch.save(update_fields=["file"])
        dropped += 1
    return dropped


def sweep_batches(now: datetime) -> int:
    """Delete the files of the batches posted `FILE_LIFE` ago; returns how many."""
    return drop_batch_files(PrintBatch.objects.filter(posted_at__lt=now - FILE_LIFE))


def forget_letters(*, citizen_id: int) -> None:
    """Delete the letters that belong to no request of a person who was erased."""
    PersonalLetter.objects.filter(citizen=citizen_id).delete()


def drop_batches_of(service_request: ServiceRequest) -> None:
    """Delete the files of the batches in which a letter of the request stands: it is erased."""
    of_request = PrintBatch.objects.filter(letters__request=service_request)
    taken_out = PrintBatch.objects.filter(removals__document__request=service_request)
    ids = {*of_request.values_list("pk", flat=True), *taken_out.values_list("pk", flat=True)}
    drop_batch_files(PrintBatch.objects.filter(pk__in=ids))


def _check_right(actor) -> None:
    if not scope_of(actor).may(Right.FRONT_OFFICE):
        raise NotAllowed


def _waiting_batch(batch_id: int, actor) -> PrintBatch:
    _check_right(actor)
    batch = PrintBatch.objects.visible_to(actor).select_for_update().get(pk=batch_id)
    if batch.posted_at is not None:
        raise IllegalTransition(_("Ce lot est déjà noté comme posté."))
    return batch


def _read(document: Document) -> Printed | None:
    """A letter as it was kept; None when it is not that any more."""
    try:
        with document.file.open("rb") as file:
            content = file.read()
    except (FileNotFoundError, ValueError):
        content = b""
    if hashlib.sha256(content).hexdigest() != document.sha256:
        logger.error("letter_altered", document=document.pk)
        return None
    return letter_to_print(document, content)


def _keep_file(batch: PrintBatch, letters: Sequence[Printed]) -> None:
    try:
        content, batch.page_count = batch_pdf(batch, letters)
    except PdfUnavailable:
        raise RequestError(
            _("Ce serveur ne peut pas fabriquer de PDF : imprimez les courriers un à un.")
        ) from None
    batch.name = f"lot-{batch.pk}.pdf"
    batch.size = len(content)
    batch.sha256 = hashlib.sha256(content).hexdigest()
    batch.file.save(batch.name, ContentFile(content), save=True)
