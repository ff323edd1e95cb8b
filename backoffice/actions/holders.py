"""Who is named for a restricted prestation (L7, S69); each act is written in the access log."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.accesses import record_access
from massy_grc.users.models import User
from prestations.models import Prestation, RightHolder
from requests.exceptions import MissingInput, NotAllowed
from requests.permissions import Right, scope_of


def _check(actor) -> None:
    scope = scope_of(actor)
    if not (scope.may(Right.ADMINISTER) or scope.may(Right.PROTECT_DATA)):
        raise NotAllowed


def _log(actor, act: str, holder: RightHolder) -> None:
    action = f"{act}:{holder.prestation_id}"[:40]
    record_access(user=actor, action=action, object_type="user", object_id=holder.user_id)


@transaction.atomic
def name_holder(
    *,
    actor,
    user: User,
    prestation_id: str,
    until: dt.date | None = None,
    now: dt.datetime | None = None,
) -> RightHolder:
    """Name an agent for a restricted prestation; naming them anew changes the last day.

    Args:
        actor: an administrator or the data-protection officer.
        until: the last day; None until somebody withdraws it.

    Raises:
        NotAllowed: neither of the two acts.
        MissingInput: no agent at work, or a last day that has passed.
        Prestation.DoesNotExist: unknown, or not restricted.
    """
    _check(actor)
    now = now or timezone.now()
    prestation = (
        Prestation.objects.restricted().select_for_update(no_key=True).get(pk=prestation_id)
    )
    if not user.is_active or user.is_citizen:
        raise MissingInput(_("Cette personne n’a pas d’accès d’agent."))
    if until is not None and until < timezone.localdate(now):
        raise MissingInput(_("Le dernier jour est déjà passé."))
    _end(RightHolder.objects.filter(user=user, prestation=prestation), actor, now)
    holder = RightHolder.objects.create(
        user=user, prestation=prestation, since=now, granted_by=actor, until=until
    )
    _log(actor, "name", holder)
    return holder


@transaction.atomic
def withdraw_holder(*, actor, holder_id: int, now: dt.datetime | None = None) -> RightHolder:
    """End what somebody was named for: with their next request, they see nothing of it.

    Raises:
        NotAllowed: as `name_holder`.
        RightHolder.DoesNotExist: unknown.
    """
    _check(actor)
    holder = RightHolder.objects.get(pk=holder_id)
    if _end(RightHolder.objects.filter(pk=holder_id), actor, now or timezone.now()):
        _log(actor, "unname", holder)
    return holder


def _end(rows, actor, now: dt.datetime) -> int:
    return rows.filter(withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=actor)
