"""Who belongs to a person's household, as agents noted it; and who may, by a shared address."""

from dataclasses import dataclass
from itertools import islice

from django.db.models import Case, Q, When

from backoffice.pairs import reason_words
from citizens.enums import HouseholdQuality
from citizens.likeness import compare
from citizens.models import Citizen, HouseholdTie
from massy_grc.common.empties import may_hold

LOOKED_AT = 20  # of those at one address or number, family first: a tower has many
PROPOSED = 5


@dataclass(frozen=True)
class Member:
    """Somebody of the household, and what they are to the person whose record is read."""

    tie: HouseholdTie
    citizen: Citizen
    quality: HouseholdQuality


@dataclass(frozen=True)
class Proposed:
    """Somebody who shares a way to reach; `shared` says which, in words."""

    citizen: Citizen
    shared: list[str]


def members_of(citizen: Citizen) -> tuple[list[Member], list[Member]]:
    """Return who is of the household, and who was, each once. One query at most."""
    if not may_hold(citizen, "ties", "ties_to", "given_up"):
        return [], []
    ties = HouseholdTie.objects.of(citizen.pk).select_related(
        "citizen__merged_into", "other__merged_into", "made_by", "ended_by"
    )
    now: dict[int, Member] = {}
    before: list[Member] = []
    for tie in ties:
        other, quality = tie.seen_from(citizen.pk)
        if other.pk == citizen.pk:  # both records were made one since
            continue
        member = Member(tie, other, quality)
        if tie.ended_at:
            before.append(member)
        else:
            now.setdefault(member.citizen.pk, member)
    return list(now.values()), before


def proposed_for(citizen: Citizen, known: list[Member]) -> list[Proposed]:
    """Return who shares a home or a number with a person and is surely somebody else.

    The same family name first. One query, by the keys of `citizens.match_keys`, and of no more
    people than are needed.
    """
    keys = [key for key in citizen.match_keys if key[:2] in ("a:", "t:", "e:")]
    if not keys:
        return []
    others = Citizen.objects.living().filter(match_keys__overlap=keys)
    others = others.exclude(Q(pk=citizen.pk) | Q(pk__in=[one.citizen.pk for one in known]))
    family = Q()
    for name in {citizen.family_name, citizen.usage_name} - {""}:
        family |= Q(family_name__iexact=name)
    if family:
        others = others.alias(distance=Case(When(family, then=0), default=1)).order_by(
            "distance", "pk"
        )
    likely = (
        Proposed(other, reason_words(likeness.household))
        for other in others[:LOOKED_AT]
        if (likeness := compare(citizen, other)).apart and likeness.household
    )
    return list(islice(likely, PROPOSED))
