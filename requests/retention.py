"""SQL vocabulary of the retention: what each rule of the register reaches at a moment."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from citizens.models import Citizen, CitizenAccount, Organisation, OrganisationMember
from massy_grc.outbox.erasing import old_deliveries
from prestations.enums import Holds
from prestations.models import Processing
from requests.models import (
    Attachment,
    Contact,
    FilingDraft,
    LegalHold,
    ServiceRequest,
    WalletDocument,
)

FILES = "files"


def before(now: datetime, months: int) -> datetime:
    """The moment `months` before `now`: what ended earlier has outlived the term."""
    return now - relativedelta(months=months)


def held() -> QuerySet:
    """Requests that a legal hold keeps as they are."""
    return ServiceRequest.objects.filter(holds__lifted_at=None, holds__isnull=False)


def _closed_before(processing: Processing, moment: datetime) -> QuerySet:
    return ServiceRequest.objects.closed().filter(
        prestation__processing=processing, closed_at__lt=moment, anonymised_at=None
    )


def not_held(requests: QuerySet) -> QuerySet:
    """Without those under a legal hold."""
    holds = LegalHold.objects.filter(request=OuterRef("pk"), lifted_at=None)
    return requests.exclude(Exists(holds))


def due_files(processing: Processing, now: datetime) -> QuerySet:
    """Closed requests whose documents have outlived their term."""
    if processing.files_months is None:
        return ServiceRequest.objects.none()
    some = Attachment.objects.filter(request=OuterRef("pk"))
    over = _closed_before(processing, before(now, processing.files_months))
    return over.filter(Exists(some), files_deleted_at=None)


def due_rows(processing: Processing, now: datetime) -> QuerySet:
    """What the rule's own term reaches: requests, contacts, records and so on."""
    if processing.kept_months is None:
        return ServiceRequest.objects.none()
    moment = before(now, processing.kept_months)
    match processing.holds:
        case Holds.REQUESTS:
            return _closed_before(processing, moment)
        case Holds.CONTACTS:
            return Contact.objects.filter(at__lt=moment).exclude(question="")
        case Holds.RECORDS:
            return lonely_citizens(moment)
        case Holds.ACCOUNTS:
            return idle_accounts(moment)
        case Holds.DELIVERIES:
            return old_deliveries(moment)
        case Holds.WALLET:
            return WalletDocument.objects.filter(valid_until__lt=timezone.localdate(moment))
        case _:
            return ServiceRequest.objects.none()


def lonely_citizens(moment: datetime) -> QuerySet:
    """Records untouched since `moment`, without request, contact, draft or open account."""
    return Citizen.objects.living().filter(
        ~Exists(ServiceRequest.objects.filter(citizen=OuterRef("pk"))),
        ~Exists(Contact.objects.filter(citizen=OuterRef("pk"))),
        ~Exists(FilingDraft.objects.filter(citizen=OuterRef("pk"))),
        ~Exists(CitizenAccount.objects.open().filter(citizen=OuterRef("pk"))),
        updated_at__lt=moment,
    )


def lonely_organisations(moment: datetime) -> QuerySet:
    """Organisations untouched since `moment`, without request and for which nobody acts."""
    return Organisation.objects.filter(
        ~Exists(ServiceRequest.objects.filter(organisation=OuterRef("pk"))),
        ~Exists(OrganisationMember.objects.filter(organisation__organisation=OuterRef("pk"))),
        updated_at__lt=moment,
        anonymised_at=None,
    )


def idle_accounts(moment: datetime) -> QuerySet:
    """Open accounts whose person has not been seen since `moment`."""
    return CitizenAccount.objects.open().filter(
        Q(last_seen_at__lt=moment) | Q(last_seen_at=None, created_at__lt=moment)
    )
