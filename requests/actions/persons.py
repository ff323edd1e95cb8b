"""The officer's verbs on one person: what an erasure would do, and doing it (RGPD art. 17)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from citizens.actions import anonymise_citizen
from citizens.models import Citizen
from massy_grc.common.personal_data import blanks
from requests.actions.erasure import (
    BY_REQUEST,
    REASONS,
    anonymise_request,
    delete_stored,
    why_not,
)
from requests.actions.exports import delete_exports, require_identity
from requests.actions.following import forget_followers
from requests.actions.wallet import forget_space
from requests.exceptions import NotAllowed, NothingToErase
from requests.models import (
    Attachment,
    CallBack,
    Contact,
    Erasure,
    FilingDraft,
    RecordNote,
    ServiceRequest,
)
from requests.notifications.privacy import tell_person
from requests.permissions import Right, scope_of


@dataclass(frozen=True)
class Standing:
    """One request of a person, and why it cannot be erased ("" when it can)."""

    request: ServiceRequest
    obstacle: str

    @property
    def words(self) -> str:
        return str(REASONS[self.obstacle]) if self.obstacle else ""


def preview_erasure(citizen: Citizen) -> list[Standing]:
    """Return each request of a person with what keeps it, newest first.

    What they filed for an organisation is the organisation's.
    """
    own = citizen.requests.filter(organisation_account=None)
    requests = own.select_related("prestation__processing").prefetch_related("holds")
    return [Standing(one, why_not(one)) for one in requests.order_by("-arrived_at")]


@transaction.atomic
def erase_person(
    *,
    citizen_id: int,
    actor,
    request_ids: Collection[int],
    record: bool,
    identity: str = "",
    now: datetime | None = None,
) -> Erasure:
    """Erase the requests chosen, and the record when nothing needs it any more; tell the person.

    What is open or held stays, and what the officer did not choose stays because the law asks
    for it; the person reads which and why.

    Args:
        request_ids: the requests chosen; others of the person are kept.
        record: also the record, the account, contacts, drafts, copies and consents' link.
        identity: an `IdentityCheck` code: how the officer made sure who asks. Needed where the
            person has no account (an account's address is always a confirmed one).

    Raises:
        NotAllowed: not the officer.
        MissingInput: the officer did not say how.
        NothingToErase: neither a request nor the record would go.
    """
    now = now or timezone.now()
    if not scope_of(actor).may(Right.PROTECT_DATA):
        raise NotAllowed
    citizen = Citizen.objects.living().select_for_update(no_key=True).get(pk=citizen_id)
    account = citizen.accounts.open().select_related("user").first()
    address = (account.user.email if account else "") or citizen.email
    if account is None:
        require_identity(identity)
    erased: list[int] = []
    kept: list[tuple[ServiceRequest, str]] = []
    for standing in preview_erasure(citizen):
        one = standing.request
        if standing.obstacle or one.pk not in request_ids:
            kept.append((one, standing.obstacle or "law"))
        else:
            anonymise_request(request_id=one.pk, rule=BY_REQUEST, actor=actor, now=now)
            erased.append(one.pk)
    gone = record and not kept
    if not erased and not gone:
        raise NothingToErase
    if gone:
        erase_record(citizen_id=citizen.pk, now=now)
    erasure = Erasure.objects.create(
        citizen=citizen,
        done_by=actor,
        done_at=now,
        requests=erased,
        kept=[[one.pk, reason] for one, reason in kept],
        record_erased=gone,
        identity="" if account else identity,
    )
    tell_person(
        "erased",
        to=address,
        key=f"privacy.erased:{erasure.pk}",
        about=f"erasure:{erasure.pk}",
        erased=len(erased),
        record=gone,
        account=account is not None,
        kept=[(one.reference, str(REASONS[reason])) for one, reason in kept],
    )
    return erasure


@transaction.atomic
def erase_record(*, citizen_id: int, now: datetime | None = None) -> None:
    """Empty a record that nothing needs any more, with all that hangs on it.

    So are the records that were given up for it.
    """
    for gone in Citizen.objects.filter(merged_into=citizen_id, anonymised_at=None):
        erase_record(citizen_id=gone.pk, now=now)
    citizen = Citizen.objects.get(pk=citizen_id)
    accounts = citizen.accounts.select_related("user")
    CallBack.objects.filter(contact__citizen=citizen).delete()
    Contact.objects.filter(citizen=citizen).update(**blanks(Contact))
    RecordNote.objects.filter(citizen=citizen).delete()
    delete_stored(Attachment.objects.filter(draft__citizen=citizen))
    FilingDraft.objects.filter(citizen=citizen).delete()
    forget_followers([citizen.email, *(account.user.email for account in accounts)])
    forget_space(account_ids=[account.pk for account in accounts])
    delete_exports(citizen)
    anonymise_citizen(citizen_id=citizen_id, now=now)
