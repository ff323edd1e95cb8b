"""Records that may be one person: found, noted with their reasons, answered by an agent (S69).

Found when a form is filled in and, for whatever came in otherwise, by a task. A pair that an
agent told apart comes back only when a reason speaks that did not speak then.
"""

import copy
from datetime import datetime

from django.db import transaction

from citizens.enums import DuplicateState
from citizens.likeness import Likeness, compare
from citizens.models import Citizen, PossibleDuplicate
from massy_grc.users.models import User

BATCH = 500  # records that one run of the task compares


def look_alikes(citizen: Citizen, *, email: str = "") -> list[tuple[Citizen, Likeness]]:
    """Return the records that may be `citizen`'s own, or of its household; the likeliest first.

    Writes nothing. One query, whatever is found.

    Args:
        citizen: saved or not, with its derived keys.
        email: an address that the record does not hold, but that counts.
    """
    if email and not citizen.email:
        citizen = copy.copy(citizen)
        citizen.email = email
        citizen.derive_keys()
    found = [(other, compare(citizen, other)) for other in Citizen.objects.resembling(citizen)]
    return sorted(
        [(other, likeness) for other, likeness in found if _tells(likeness)],
        key=lambda pair: (-pair[1].score, -len(pair[1].household), pair[0].pk),
    )


def _tells(likeness: Likeness) -> bool:
    return likeness.is_possible or bool(likeness.household)


@transaction.atomic
def note_pair(one: Citizen, other: Citizen, *, reasons: list[str], score: int) -> None:
    """Note that two records may be one person's, for an agent to look at.

    A pair that waits takes the reasons of now. One that an agent told apart stays so, unless a
    reason is new: then something that identifies has changed.
    """
    known = PossibleDuplicate.objects.select_for_update().between(one, other).first()
    if known is None:
        newer, older = (one, other) if one.pk > other.pk else (other, one)
        PossibleDuplicate.objects.create(citizen=newer, other=older, reasons=reasons, score=score)
        return
    is_new = bool(set(reasons) - set(known.reasons))
    if known.state == DuplicateState.OPEN:
        known.reasons, known.score = reasons, max(score, known.score)
    elif known.state == DuplicateState.DIFFERENT and is_new:
        known.state, known.reviewed_by, known.reviewed_at = DuplicateState.OPEN, None, None
        known.reasons, known.score = reasons, score
    else:
        return
    known.save()


@transaction.atomic
def find_duplicates(*, citizen_id: int, now: datetime) -> int:
    """Compare one record with all others and note what resembles it; returns how many.

    A waiting pair whose records cannot be one person any more goes: somebody corrected one.
    """
    rows = Citizen.objects.to_compare().select_for_update(no_key=True, skip_locked=True)
    citizen = rows.filter(pk=citizen_id).first()
    if citizen is None:  # compared, merged or erased meanwhile; or somebody writes it now
        return 0
    found = [pair for pair in look_alikes(citizen) if pair[1].is_possible]
    for other, likeness in found:
        note_pair(citizen, other, reasons=list(likeness.reasons), score=likeness.score)
    waiting = PossibleDuplicate.objects.waiting().of(citizen).select_related("citizen", "other")
    over = [pair.pk for pair in waiting if compare(pair.citizen, pair.other).apart]
    PossibleDuplicate.objects.filter(pk__in=over).delete()
    Citizen.objects.filter(pk=citizen.pk).update(compared_at=now)
    return len(found)


def compare_waiting(*, now: datetime, at_most: int = BATCH) -> int:
    """Compare the records that are new or changed, oldest first; returns how many were left to.

    Each in a transaction of its own, and marked: cut short, the next run goes on from there.
    """
    waiting = Citizen.objects.to_compare().order_by("id").values_list("pk", flat=True)
    ids = list(waiting[:at_most])
    for pk in ids:
        find_duplicates(citizen_id=pk, now=now)
    return len(ids)


@transaction.atomic
def review_duplicate(
    *, duplicate_id: int, actor: User, state: DuplicateState, now: datetime
) -> PossibleDuplicate:
    """Note what an agent found out about two records; merging them is another act.

    Raises:
        PossibleDuplicate.DoesNotExist: there is no such pair, or it was reviewed meanwhile.
    """
    waiting = PossibleDuplicate.objects.select_for_update(of=("self",)).waiting()
    pair = waiting.get(pk=duplicate_id)
    pair.state, pair.reviewed_by, pair.reviewed_at = state, actor, now
    pair.save()
    return pair
