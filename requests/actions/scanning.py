"""Having the antivirus look at the files that wait for it, and what follows from a find.

Each file is claimed in a transaction, scanned outside any, then marked. A claim lasts
`SCAN_PATIENCE`: what a dead worker had is due again. While clamd is away a file is tried less and
less often, and stays held for as long as it takes.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from massy_grc.common.antivirus import AntivirusAway, ScanFailed, find_virus, is_configured
from requests.actions.core import open_request, record
from requests.enums import UploadScan, Verb
from requests.models import Attachment, FilingDraft, ReceivedFile, WalletDocument
from requests.notifications.wallet import tell_owner

logger = structlog.get_logger(__name__)

SCANNED: tuple[type[ReceivedFile], ...] = (Attachment, WalletDocument)
SCAN_PATIENCE = timedelta(minutes=5)
BACKOFF = [timedelta(seconds=s) for s in (10, 30, 60, 120, 300, 600)]
BUDGET = timedelta(minutes=2)  # a run stops there; the next one goes on


def scan_due_files(*, now: datetime | None = None) -> dict[str, int]:
    """Scan what is due, oldest first, until nothing is left, clamd is away or time is up.

    Returns:
        How many files were ``scanned`` and ``quarantined``; ``away`` is 1 when clamd is.
    """
    done = {"scanned": 0, "quarantined": 0, "away": 0}
    until = timezone.now() + BUDGET
    for model in SCANNED:
        while is_configured() and timezone.now() < until:
            file = _claim(model, now or timezone.now())
            if file is None:
                break
            try:
                found = _look(file)
            except AntivirusAway as error:
                _postpone(file, now or timezone.now())
                logger.warning("antivirus_away", error=str(error))
                done["away"] = 1
                return done
            if found is None:
                continue
            keep_verdict(model=model, file_id=file.pk, found=found, now=now)
            done["scanned"] += 1
            done["quarantined"] += bool(found)
    return done


def held_files() -> int:
    """How many files wait for the antivirus."""
    waiting = {"scan": UploadScan.UNSCANNED, "scan_after__isnull": False}
    return sum(model._default_manager.filter(**waiting).count() for model in SCANNED)


@transaction.atomic
def keep_verdict(
    *, model: type[ReceivedFile], file_id: int, found: str, now: datetime | None = None
) -> None:
    """Write down what the antivirus said; tell whoever sent a file in which something was found.

    A file of a form not sent yet is told about on its pages, where it must be removed.

    Args:
        found: the name of the find; "" for nothing.
    """
    if model is Attachment:  # the form first, as its filing locks it: no file slips by between
        FilingDraft.objects.select_for_update().filter(attachments=file_id).first()
    file = model._default_manager.select_for_update().filter(pk=file_id).first()
    if file is None or file.scan != UploadScan.UNSCANNED:
        return
    file.scan = UploadScan.QUARANTINED if found else UploadScan.CLEAN
    file.scan_after = None
    file.save(update_fields=["scan", "scan_after"])
    if not found:
        return
    logger.warning("file_quarantined", kind=model._meta.label, row=file.pk, found=found)
    if isinstance(file, WalletDocument):
        tell_owner(file, "wallet_blocked", file=file.name)
    elif isinstance(file, Attachment) and file.request_id:
        service_request = open_request(request_id=file.request_id, verb=Verb.QUARANTINE)
        record(service_request, Verb.QUARANTINE, now=now, data={"attachment": file.pk}, quiet=True)


def _claim(model: type[ReceivedFile], now: datetime) -> ReceivedFile | None:
    """Take the file that is due longest; another worker does not get it meanwhile."""
    with transaction.atomic(durable=True):
        due = model._default_manager.filter(scan=UploadScan.UNSCANNED, scan_after__lte=now)
        file = due.select_for_update(skip_locked=True).order_by("scan_after", "pk").first()
        if file is not None:
            file.scan_after = now + SCAN_PATIENCE
            file.save(update_fields=["scan_after"])
    return file


def _look(file: ReceivedFile) -> str | None:
    """What was found; None when the file cannot be read or scanned: it stays held."""
    try:
        with file.file.open("rb") as content:
            return find_virus(content)
    except FileNotFoundError:
        type(file)._default_manager.filter(pk=file.pk).update(scan_after=None)
        logger.error("file_to_scan_gone", kind=file._meta.label, row=file.pk)
    except ScanFailed as error:
        _postpone(file, timezone.now())
        logger.error("scan_failed", kind=file._meta.label, row=file.pk, answer=str(error))
    return None


def _postpone(file: ReceivedFile, now: datetime) -> None:
    pause = BACKOFF[min(file.scan_failures, len(BACKOFF) - 1)]
    type(file)._default_manager.filter(pk=file.pk).update(
        scan_after=now + pause, scan_failures=F("scan_failures") + 1
    )
