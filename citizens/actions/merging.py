"""Verbs on two records of one person: made one, made two again, settled (S69).

Which rows go over is declared with each table (`massy_grc.common.personal_data.Follow`); a test
walks all keys to a record. The record given up is left as it was: undoing needs nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import DuplicateState, MergeGround
from citizens.exceptions import MergeRefused
from citizens.likeness import compare
from citizens.merging import FIELDS, choices, obstacle, sides
from citizens.models import Citizen, CitizenMerge, PossibleDuplicate
from massy_grc.common.personal_data import Follow, blanks, following
from massy_grc.users.models import User


@dataclass(frozen=True)
class Undone:
    """What an undoing gave back.

    Attributes:
        changed_since: fields of the kept record that somebody changed after the merge: they stay.
    """

    merge: CitizenMerge
    changed_since: tuple[str, ...] = ()


@transaction.atomic
def merge_citizens(
    *,
    kept_id: int,
    gone_id: int,
    taken: Collection[str],
    ground: MergeGround,
    actor: User,
    seen: Collection[datetime],
    now: datetime,
) -> CitizenMerge:
    """Give a record up for another of the same person; everything of it goes over.

    Args:
        taken: the fields whose value comes from the record given up.
        ground: how the agent made sure.
        seen: when both records were last changed, as the agent read them.

    Raises:
        Citizen.DoesNotExist: there is none.
        MergeRefused: as its message says.
    """
    locked = _lock(kept_id, gone_id)
    kept, gone = sides(locked[kept_id], locked[gone_id])
    if (kept.citizen.pk, gone.citizen.pk) != (kept_id, gone_id):
        raise MergeRefused(_("Un compte a été ouvert entre-temps : relisez les deux fiches."))
    if words := obstacle(kept, gone):
        raise MergeRefused(words)
    if {record.updated_at for record in locked.values()} != set(seen):
        raise MergeRefused(_("L’une des fiches a changé entre-temps : relisez-les."))
    closed = {choice.name for choice in choices(kept, gone) if choice.locked}
    chosen = [name for name in FIELDS if name in taken and name not in closed]
    before = {name: _stored(kept.citizen, name) for name in chosen}
    likeness = compare(kept.citizen, gone.citizen)
    for name in chosen:
        setattr(kept.citizen, name, getattr(gone.citizen, name))
    kept.citizen.save()
    moved = {
        f"{label}.{column}": _move(label, column, gone_id, kept_id)
        for label, column in following(Follow.AT_ONCE)
    }
    Citizen.objects.filter(pk=gone_id).update(merged_into=kept_id)
    PossibleDuplicate.objects.between(kept_id, gone_id).update(
        state=DuplicateState.SAME, reviewed_by=actor, reviewed_at=now
    )
    return CitizenMerge.objects.create(
        kept_id=kept_id,
        gone_id=gone_id,
        reasons=list(likeness.reasons),
        ground=ground,
        moved={column: ids for column, ids in moved.items() if ids},
        before=before,
        merged_by=actor,
        merged_at=now,
    )


@transaction.atomic
def unmerge_citizens(*, merge_id: int, actor: User, now: datetime) -> Undone:
    """Make two records of one again: each row goes back that the merge had moved.

    What came to the kept record since stays with it, and so does what somebody changed there. The
    two are told apart from then on: whoever undoes a merge has judged.

    Raises:
        CitizenMerge.DoesNotExist: there is none.
        MergeRefused: it is undone or settled, one was erased, or a later one stands in the way.
    """
    merge = CitizenMerge.objects.select_for_update().get(pk=merge_id)
    locked = _lock(merge.kept_id, merge.gone_id)
    if words := undo_obstacle(merge, now=now):
        raise MergeRefused(words)
    kept, gone = locked[merge.kept_id], locked[merge.gone_id]
    changed = [name for name in merge.before if getattr(kept, name) != getattr(gone, name)]
    for name, value in merge.before.items():
        if name not in changed:
            column: Any = Citizen._meta.get_field(name)
            setattr(kept, name, column.to_python(value))
    kept.save()
    Citizen.objects.filter(pk=gone.pk).update(merged_into=None)
    for column, ids in merge.moved.items():
        label, _dot, name = column.rpartition(".")
        rows = apps.get_model(label)._base_manager.filter(pk__in=ids, **{name: kept.pk})
        rows.update(**{name: gone.pk})
    _tell_apart(kept, gone, known=merge.reasons, actor=actor, now=now)
    merge.undone_by, merge.undone_at = actor, now
    merge.save(update_fields=["undone_by", "undone_at"])
    return Undone(merge, tuple(changed))


def _tell_apart(
    kept: Citizen, gone: Citizen, *, known: list[str], actor: User, now: datetime
) -> None:
    """Note that two records are two people's; only a reason of which neither knew reopens it."""
    likeness = compare(kept, gone)
    older, newer = sorted((kept, gone), key=lambda one: one.pk)
    pair = PossibleDuplicate.objects.between(kept, gone).first()
    pair = pair or PossibleDuplicate(citizen=newer, other=older)
    pair.state, pair.reviewed_by, pair.reviewed_at = DuplicateState.DIFFERENT, actor, now
    pair.reasons = list(dict.fromkeys([*known, *pair.reasons, *likeness.reasons]))
    pair.score = likeness.score
    pair.save()


def undo_obstacle(merge: CitizenMerge, *, now: datetime) -> str:
    """Say why a merge cannot be undone; empty when it can."""
    if merge.undone_at:
        return _("Ces fiches sont déjà séparées.")
    if merge.kept.anonymised_at or merge.gone.anonymised_at:
        return _("L’une de ces fiches a été effacée.")
    if merge.settled_at or now > merge.undo_until:
        return _("Le délai de trente jours est passé.")
    later = CitizenMerge.objects.fresh().filter(pk__gt=merge.pk)
    if merge.kept.merged_into_id or later.filter(kept=merge.kept_id).exists():
        return _("Une autre fiche a été réunie depuis avec celle-ci : séparez-la d’abord.")
    return ""


@transaction.atomic
def settle_merge(*, merge_id: int, now: datetime) -> bool:
    """End the time of undoing: the rest goes over, and the record given up is emptied.

    It stays as a signpost: its address leads to the kept one. Done twice, it changes nothing.

    Returns:
        Whether something was done; a record given up meanwhile for a third one waits for that.
    """
    merge = CitizenMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at or merge.settled_at or now <= merge.undo_until:
        return False
    if CitizenMerge.objects.fresh().filter(gone=merge.kept_id).exists():
        return False
    gone = Citizen.objects.select_for_update(no_key=True).get(pk=merge.gone_id)
    if gone.merged_into_id:
        # at once, too: what was filed for the record in the very moment of the merge
        for label, column in (*following(Follow.AT_ONCE), *following(Follow.LATER)):
            _move(label, column, gone.pk, gone.merged_into_id)
    Citizen.objects.filter(pk=gone.pk, anonymised_at=None).update(
        **blanks(Citizen), anonymised_at=now, updated_at=now
    )
    CitizenMerge.objects.filter(pk=merge.pk).update(**blanks(CitizenMerge), settled_at=now)
    return True


def _lock(*ids: int) -> dict[int, Citizen]:
    """Lock records, the lower key first: two merges of one pair never wait for each other."""
    rows = Citizen.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(ids):
        raise Citizen.DoesNotExist
    return found


def _move(label: str, column: str, gone_id: int, kept_id: int) -> list[int]:
    rows = apps.get_model(label)._base_manager.filter(**{column: gone_id})
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        rows.filter(pk__in=ids).update(**{column: kept_id})
    return ids


def _stored(citizen: Citizen, name: str):
    value = getattr(citizen, name)
    return str(value) if name == "phone" else value
