"""Verbs on households: made and ended by an agent, never by themselves (S69)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import HouseholdGround, HouseholdQuality
from citizens.exceptions import HouseholdRefused
from citizens.models import Citizen, HouseholdTie
from massy_grc.users.models import User


@transaction.atomic
def tie_household(
    *,
    citizen_id: int,
    other_id: int,
    quality: HouseholdQuality | str,
    shares_home: bool,
    ground: HouseholdGround | str,
    actor: User,
    now: datetime,
) -> HouseholdTie:
    """Note that two people are of one household.

    Args:
        quality: what `other_id` is to `citizen_id`.
        shares_home: whether both live at one address.
        ground: how the agent knows.

    Raises:
        HouseholdRefused: one person, a record no longer used, or a tie that stands already.
    """
    if citizen_id == other_id:
        raise HouseholdRefused(_("C’est la même fiche."))
    ids = [citizen_id, other_id]
    rows = Citizen.objects.living().select_for_update(no_key=True).filter(pk__in=ids)
    if len(rows.order_by("pk")) != len(ids):  # the lower key first: two agents never wait in a ring
        raise HouseholdRefused(_("L’une de ces fiches n’est plus utilisée."))
    if HouseholdTie.objects.standing().of(citizen_id).of(other_id).exists():
        raise HouseholdRefused(_("Ces deux personnes sont déjà notées du même foyer."))
    return HouseholdTie.objects.create(
        citizen_id=citizen_id,
        other_id=other_id,
        quality=quality,
        shares_home=shares_home,
        ground=ground,
        made_by=actor,
        made_at=now,
    )


@transaction.atomic
def end_household(*, tie_id: int, actor: User, now: datetime) -> HouseholdTie:
    """Note that two people are no longer of one household; ended twice, the first end stays.

    Raises:
        HouseholdTie.DoesNotExist: there is none.
    """
    tie = HouseholdTie.objects.select_for_update(no_key=True).get(pk=tie_id)
    if tie.ended_at is None:
        tie.ended_by, tie.ended_at = actor, now
        tie.save(update_fields=["ended_by", "ended_at"])
    return tie
