"""Following a public report instead of filing it again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from massy_grc.outbox.api import publish
from requests.models import ReportFollower, ServiceRequest

CONFIRMATION_LIFE = timedelta(days=7)
AFTER_THE_END = timedelta(days=30)  # a closed report may be reopened for fifteen days


@transaction.atomic
def follow_report(*, request_id: int, email: str, now: datetime | None = None) -> None:
    """Note that `email` wants to follow a public report, and send the link that proves it.

    Nothing tells whether the address follows the report already: a confirmed one gets no second
    link, and the page says the same.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not public.
    """
    now = now or timezone.now()
    report = ServiceRequest.objects.public_reports().get(pk=request_id)
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
def count_me_too(*, request_id: int, now: datetime | None = None) -> None:
    """Count one more person concerned, without any address.

    Raises:
        ServiceRequest.DoesNotExist: unknown, or not public.
    """
    report = ServiceRequest.objects.public_reports().get(pk=request_id)
    ReportFollower.objects.create(request=report, created_at=now or timezone.now())


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
    ReportFollower.objects.filter(pk=follower_id).delete()


@transaction.atomic
def purge_followers(*, now: datetime | None = None) -> int:
    """Delete the addresses never confirmed, and those of reports long over; returns how many."""
    now = now or timezone.now()
    addresses = ReportFollower.objects.exclude(email="")
    unproven = addresses.filter(confirmed_at=None, asked_at__lt=now - CONFIRMATION_LIFE)
    over = addresses.filter(request__closed_at__lt=now - AFTER_THE_END)
    return unproven.delete()[0] + over.delete()[0]
