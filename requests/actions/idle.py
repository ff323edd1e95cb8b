"""Accounts nobody uses: warned twice, then closed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from citizens.actions import end_account
from citizens.models import CitizenAccount
from prestations.enums import Holds
from prestations.models import Processing
from requests.letters import words
from requests.notifications.privacy import tell_person
from requests.retention import before, idle_accounts

SECOND_WARNING = timedelta(days=30)
CLOSING = timedelta(days=60)  # after the first warning
LAST_DELAY = CLOSING - SECOND_WARNING  # after the second one
BATCH = 500


def chase_idle_accounts(*, now: datetime | None = None) -> dict[str, int]:
    """Warn, warn again and close the accounts nobody has opened for the term of the register.

    Warned by mail; on paper where the town knows no e-mail address. Whoever logs in meanwhile is
    left in peace. Safe to run at any time: what a run does not reach, the next one does.
    """
    now = now or timezone.now()
    rule = Processing.objects.filter(holds=Holds.ACCOUNTS).exclude(kept_months=None).first()
    done = {"warned": 0, "warned_again": 0, "closed": 0}
    if rule is None:
        return done
    due = _due(idle_accounts(before(now, rule.kept_months or 0)), now)
    for account_id in list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        step = _one(account_id, now)
        if step:
            done[step] += 1
    return done


def _due(idle: QuerySet, now: datetime) -> QuerySet:
    """Those of the idle accounts with a step to take now: who only waits takes nobody's place."""
    idle = idle.annotate(seen=Coalesce("last_seen_at", "created_at"))
    return idle.filter(
        Q(warned_at=None)
        | Q(warned_at__lt=F("seen"))
        | Q(warned_again_at=None, warned_at__lte=now - SECOND_WARNING)
        | Q(warned_again_at__lte=now - LAST_DELAY)
    )


@transaction.atomic
def _one(account_id: int, now: datetime) -> str:
    accounts = (
        CitizenAccount.objects.open()
        .select_for_update(of=("self",))
        .select_related("user", "citizen")
    )
    account = accounts.filter(pk=account_id).first()
    if account is None:
        return ""
    seen = account.last_seen_at or account.created_at
    warned, again = account.warned_at, account.warned_again_at
    if warned is None or warned < seen:
        account.warned_at, account.warned_again_at = now, None
        account.save(update_fields=["warned_at", "warned_again_at"])
        _warn(account, now + CLOSING, last=False)
        return "warned"
    if again is None and now >= warned + SECOND_WARNING:
        account.warned_again_at = now
        account.save(update_fields=["warned_again_at"])
        _warn(account, max(warned + CLOSING, now + LAST_DELAY), last=True)
        return "warned_again"
    if again is not None and now >= again + LAST_DELAY:
        end_account(account, now)
        return "closed"
    return ""


def _warn(account: CitizenAccount, closes_at: datetime, *, last: bool) -> None:
    tell_person(
        "idle_account",
        to=account.user.email or account.citizen.email,
        on_paper=account.citizen,
        key=f"idle:{account.pk}:{closes_at:%Y%m%d}:{last}",
        about=f"citizen:{account.citizen_id}",
        last=last,
        day=words.full_date(closes_at),
        url=f"{settings.PUBLIC_URL}{reverse('account_login')}",
        privacy_url=f"{settings.PUBLIC_URL}{reverse('prestations:privacy')}",
    )
