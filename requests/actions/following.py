"""Following a public report instead of filing it again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from citizens.actions.consents import Subject, set_consent, standing
from citizens.enums import ConsentKind, ConsentSource
from citizens.models import CitizenAccount, ConsentEvent
from massy_grc.outbox.api import publish
from massy_grc.outbox.erasing import forget
from requests.models import ReportFollower, ServiceRequest

CONFIRMATION_LIFE = timedelta(days=7)
AFTER_THE_END = timedelta(days=30)  # a closed report may be reopened for fifteen days


@transaction.atomic
def follow_report(
    *, request_id: int, email: str, counted: bool = False, now: datetime | None = None
) -> None:
    """Note that `email` wants to follow a public report, and send the link that proves it.

    Nothing tells whether the address follows the report already: a confirmed one gets no second
    link, and the page says the same.

    Args:
        counted: they were only counted until now; nobody is counted twice.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not public.
    """
    now = now or timezone.now()
    report = ServiceRequest.objects.public_reports().get(pk=request_id)
    if counted:
        _uncount(report)
    follower, _created = ReportFollower.objects.get_or_create(
        request=report, email=email.lower(), defaults={"created_at": now}
    )
    if follower.confirmed_at:
        return
    follower.asked_at = now
    follower.save(update_fields=["asked_at"])
    key = f"follower.ask:{follower.pk}:{now.isoformat()}"
    publish("follower.ask", key=key, follower_id=follower.pk)


@transaction.atomic
def follow_signed_in(
    *, request_id: int, account: CitizenAccount, counted: bool = False, now: datetime | None = None
) -> None:
    """Follow a public report at once: the address of an account is proven already.

    Their consent is noted with the first report. Done twice, it changes nothing.

    Args:
        counted: they were only counted until now; nobody is counted twice.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not public.
    """
    now = now or timezone.now()
    report = ServiceRequest.objects.public_reports().get(pk=request_id)
    CitizenAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if counted:
        _uncount(report)
    if ReportFollower.objects.of_account(account).filter(request=report).exists():
        return
    # What the same address asked for and never confirmed is done with.
    ReportFollower.objects.filter(request=report, email=account.user.email).delete()
    ReportFollower.objects.create(request=report, account=account, created_at=now, confirmed_at=now)
    _agree(account, given=True, source=ConsentSource.ACCOUNT, now=now)


@transaction.atomic
def unfollow_signed_in(
    *,
    account: CitizenAccount,
    request_id: int,
    source: ConsentSource | str = ConsentSource.ACCOUNT,
    now: datetime | None = None,
) -> None:
    """Stop the news of one report; the consent ends with the last one."""
    mine = ReportFollower.objects.of_account(account)
    mine.filter(request=request_id).delete()
    if not mine.exists():
        _agree(account, given=False, source=source, now=now or timezone.now())


@transaction.atomic
def end_following(*, consent_event_id: int) -> None:
    """Whoever no longer agrees follows nothing any more, unless they have agreed again since."""
    event = ConsentEvent.objects.get(pk=consent_event_id)
    if event.kind != ConsentKind.FOLLOW or event.citizen_id is None:
        return
    if standing(Subject(event.citizen_id), ConsentKind.FOLLOW):
        return
    accounts = CitizenAccount.objects.filter(citizen=event.citizen_id).select_related("user")
    for account in accounts:
        ReportFollower.objects.of_account(account).delete()


@transaction.atomic
def count_me_too(*, request_id: int, now: datetime | None = None) -> None:
    """Count one more person concerned, without any address.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not public.
    """
    report = ServiceRequest.objects.public_reports().get(pk=request_id)
    ReportFollower.objects.create(request=report, created_at=now or timezone.now())


def _uncount(report: ServiceRequest) -> None:
    """Take one of those away who are a number and nothing else."""
    number = ReportFollower.objects.filter(request=report, account=None, email="").first()
    if number is not None:
        number.delete()


@transaction.atomic
def confirm_follower(*, follower_id: int, now: datetime | None = None) -> ReportFollower | None:
    """The address is proven: news are sent from now on. None when it was given up meanwhile."""
    follower = ReportFollower.objects.select_for_update().filter(pk=follower_id).first()
    if follower and follower.confirmed_at is None:
        follower.confirmed_at = now or timezone.now()
        follower.save(update_fields=["confirmed_at"])
    return follower


@transaction.atomic
def unfollow(*, follower_id: int) -> None:
    """Forget a follower and the address; one that is not there (any more) is no error."""
    follower = ReportFollower.objects.select_related("account__user").filter(pk=follower_id).first()
    if follower is None:
        return
    if follower.account:
        source, request_id = ConsentSource.LINK, follower.request_id
        unfollow_signed_in(account=follower.account, source=source, request_id=request_id)
    else:
        follower.delete()


@transaction.atomic
def purge_followers(*, now: datetime | None = None) -> int:
    """Delete the addresses never confirmed, and those of reports long over; returns how many."""
    now = now or timezone.now()
    known = ReportFollower.objects.identified()
    unproven = known.filter(confirmed_at=None, asked_at__lt=now - CONFIRMATION_LIFE)
    over = known.filter(request__closed_at__lt=now - AFTER_THE_END)
    return unproven.delete()[0] + over.delete()[0]


def forget_followers(addresses: Iterable[str | None]) -> None:
    """A person is erased: what their addresses follow without an account ends, with its mails.

    The caller holds the transaction.
    """
    rows = ReportFollower.objects.filter(email__in=[one.lower() for one in addresses if one])
    for pk in rows.values_list("pk", flat=True):
        forget(f"follower:{pk}")
    rows.delete()


def _agree(
    account: CitizenAccount, *, given: bool, source: ConsentSource | str, now: datetime
) -> None:
    subject = Subject(account.citizen_id)
    set_consent(subject=subject, kind=ConsentKind.FOLLOW, given=given, source=source, now=now)
