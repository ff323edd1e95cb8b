"""Verbs of the document wallet: keep, join a copy to a form, remind, delete."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import CitizenAccount
from prestations.forms import Question
from requests.actions.drafts import check_room, lock_unfiled
from requests.actions.erasure import delete_stored
from requests.enums import UploadScan, WalletKind
from requests.models import (
    Attachment,
    FilingDraft,
    ReportFollower,
    ServiceRequest,
    WalletDocument,
)
from requests.notifications.wallet import tell_owner
from requests.uploads import UploadRefused, named_as, receive_upload

MOST_DOCUMENTS = 20
MOST_BYTES = 50 * 1024 * 1024
PROOF_OF_ADDRESS_MONTHS = 3  # what the forms ask: « de moins de trois mois »
REMINDER = timedelta(days=14)
BATCH = 200


def valid_until(kind: str, *, issued_on: date | None, expires_on: date | None) -> date | None:
    """Until when a document serves: its own end, or three months for a proof of address."""
    if kind == WalletKind.HOME and issued_on:
        return issued_on + relativedelta(months=PROOF_OF_ADDRESS_MONTHS)
    return expires_on


@transaction.atomic
def keep_document(
    *,
    account: CitizenAccount,
    upload: UploadedFile,
    kind: str,
    until: date | None,
    issued_on: date | None = None,
) -> WalletDocument:
    """Keep a document in its owner's wallet.

    Args:
        until: the last day on which it serves; None: for as long as it is kept.
        issued_on: the date written on it, where that says how old it is.

    Raises:
        UploadRefused: wrong kind, too large, or the wallet is full.
    """
    seen, file = receive_upload(upload)
    document = WalletDocument(
        name=seen.name, media_type=seen.media_type, size=seen.size, sha256=seen.sha256
    )
    return _keep(document, file, account=account, kind=kind, until=until, issued_on=issued_on)


@transaction.atomic
def keep_attachment(
    *,
    account: CitizenAccount,
    attachment_id: int,
    until: date | None,
    issued_on: date | None = None,
) -> WalletDocument:
    """Keep a copy of a document that was sent with one of the account's requests.

    Raises:
        Attachment.DoesNotExist: not theirs, blocked, or of a kind that the wallet does not keep.
        UploadRefused: the wallet is full.
    """
    sent = keepable_attachments(account).get(pk=attachment_id)
    document = WalletDocument(
        name=sent.name,
        media_type=sent.media_type,
        size=sent.size,
        sha256=sent.sha256,
        scan=sent.scan,
        scan_after=sent.scan_after,
    )
    with sent.file.open("rb") as content:
        return _keep(
            document,
            content,
            account=account,
            kind=sent.document_code,
            until=until,
            issued_on=issued_on,
        )


def _keep(
    document: WalletDocument, content: File, *, account: CitizenAccount, **fields: Any
) -> WalletDocument:
    """Save a document with its file, or renew the dates of the same one kept before.

    A sending whose answer was lost is sent again: it must not be there twice.
    """
    CitizenAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    kept = WalletDocument.objects.filter(account=account)
    fields = {"kind": fields["kind"], "issued_on": fields["issued_on"], "reminded_at": None} | {
        "valid_until": fields["until"]
    }
    same = kept.filter(sha256=document.sha256, kind=fields["kind"])
    if same.update(**fields):
        return same.get()
    size = kept.aggregate(total=Sum("size"))["total"] or 0
    if kept.count() >= MOST_DOCUMENTS or size + document.size > MOST_BYTES:
        raise UploadRefused(_("Votre porte-documents est plein. Supprimez d’abord un document."))
    document.account = account
    for name, value in fields.items():
        setattr(document, name, value)
    document.file = File(content, name=document.name)
    document.save()
    return document


def keepable_attachments(account: CitizenAccount) -> QuerySet[Attachment]:
    """What the account's requests were sent that its wallet may keep and does not have yet."""
    kept = WalletDocument.objects.filter(account=account, sha256=OuterRef("sha256"))
    return Attachment.objects.filter(
        ~Exists(kept),
        request__in=ServiceRequest.objects.of_account(account),
        by_requester=True,
        document_code__in=WalletKind.values,
    ).exclude(scan=UploadScan.QUARANTINED)


@transaction.atomic
def rename_document(*, account: CitizenAccount, document_id: int, name: str) -> WalletDocument:
    """Give a kept document another name; its extension stays.

    Raises:
        WalletDocument.DoesNotExist: unknown, or somebody else's.
    """
    document = WalletDocument.objects.select_for_update().get(account=account, pk=document_id)
    document.name = named_as(name, document.media_type)
    document.save(update_fields=["name"])
    return document


def usable_documents(account: CitizenAccount, today: date) -> QuerySet[WalletDocument]:
    """Those that may be joined to a form: not over, not blocked."""
    return (
        WalletDocument.objects.filter(account=account)
        .filter(Q(valid_until=None) | Q(valid_until__gte=today))
        .exclude(scan=UploadScan.QUARANTINED)
    )


@transaction.atomic
def join_document(
    *, token: UUID, account: CitizenAccount, document_id: int, question: Question
) -> Attachment:
    """Join a copy of a kept document to a form; what becomes of one does not touch the other.

    Raises:
        WalletDocument.DoesNotExist: somebody else's, over, or not what the question asks for.
        UploadRefused: the form has ten files already.
        FilingDraft.DoesNotExist: unknown, purged or filed.
    """
    draft: FilingDraft = lock_unfiled(token)
    check_room(draft)
    usable = usable_documents(account, timezone.localdate())
    kept = usable.get(pk=document_id, kind=question.attachment_code)
    with kept.file.open("rb") as content:
        return Attachment.objects.create(
            draft=draft,
            document_code=question.attachment_code,
            label=question.label[:250],
            file=File(content, name=kept.name),
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            scan=kept.scan,
            scan_after=kept.scan_after,
        )


def delete_outlived_document(document_id: int) -> None:
    """Delete a document whose end is long past: the retention's rule for wallets."""
    with transaction.atomic():
        delete_stored(WalletDocument.objects.filter(pk=document_id))


@transaction.atomic
def delete_document(*, account: CitizenAccount, document_id: int) -> bool:
    """Delete a kept document, row and file; somebody else's stays. Returns whether it was."""
    return bool(delete_stored(WalletDocument.objects.filter(account=account, pk=document_id)))


def remind_documents(*, now: datetime | None = None) -> int:
    """Tell once, two weeks before, that a kept document is soon over; returns how many mails."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    told = 0
    with transaction.atomic():
        soon = (
            WalletDocument.objects.filter(
                reminded_at=None,
                valid_until__range=(today, today + REMINDER),
                account__closed_at=None,
            )
            .select_related("account__user", "account__citizen")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("pk")
        )
        for document in soon[:BATCH]:
            told += tell_owner(document, "wallet_reminder", day=document.valid_until)
            document.reminded_at = now
            document.save(update_fields=["reminded_at"])
    return told


@transaction.atomic
def forget_space(*, account_ids: Iterable[int]) -> None:
    """Delete what only an account opens, when it ends: forms begun, wallet, reports followed."""
    ids = list(account_ids)
    drafts = FilingDraft.objects.filter(account__in=ids, filed_request=None)
    delete_stored(Attachment.objects.filter(draft__in=drafts))
    drafts.delete()
    delete_stored(WalletDocument.objects.filter(account__in=ids))
    ReportFollower.objects.filter(account__in=ids).delete()
