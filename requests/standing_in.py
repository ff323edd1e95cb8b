"""Who stands in for whom: an absent colleague's open work, mentions and signatures.

A delegate sees no more than their own place gives them; what they do in somebody's stead says so
(`acting_for` of an event's data).
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from massy_grc.users.models import User
from prestations.calendars import PARIS
from prestations.models import Absence
from requests.permissions import Right, scope_of

LENT = frozenset({Right.SIGN, Right.SIGN_IN_DEPARTMENT})  # beside the work: approvals


def delegates_on(day: date) -> dict[int, int | None]:
    """Return who is absent on a day, with who stands in for them; one query."""
    away = Absence.objects.on(day).order_by("-id")
    return dict(away.values_list("person", "delegate"))


def stands_in_for(user) -> frozenset[int]:
    """Return whom `user` stands in for today.

    Whoever stands in for a colleague who is away as well has the work of both.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    delegates = away_today(user)
    found: set[int] = set()
    added = {user.pk}
    while added:
        added = {absent for absent, delegate in delegates.items() if delegate in added}
        added -= found | {user.pk}
        found |= added
    return frozenset(found)


def away_today(reader: User) -> dict[int, int | None]:
    """Return `delegates_on` of today, read once per object of who reads, like their rights."""
    cached = reader.__dict__.get("_away_today")
    if cached is None:
        cached = reader.__dict__["_away_today"] = delegates_on(timezone.localdate())
    return cached


def work_of(user) -> frozenset[int]:
    """Return whose work is `user`'s today: their own, and of those they stand in for."""
    return stands_in_for(user) | {user.pk}


def is_ones_own(sr, user) -> bool:
    """Whether a request is among `user`'s work of today, as who treats it or follows it."""
    return not work_of(user).isdisjoint({sr.assignee_id, sr.front_agent_id})


def stand_in_of(person: User, now: datetime) -> User | None:
    """Return who does the work of `person` now: themselves, a delegate, or nobody."""
    delegates = delegates_on(now.astimezone(PARIS).date())
    seen: set[int] = set()
    number: int | None = person.pk
    while number in delegates:
        if number in seen:
            return None
        seen.add(number)
        number = delegates[number]
    return User.objects.filter(pk=number, is_active=True).first() if number else None


def with_delegates(people: Iterable[User]) -> list[User]:
    """Return `people`, and after them those who stand in for the absent ones."""
    known = list(people)
    delegates = delegates_on(timezone.localdate())
    wanted: set[int] = set()
    waiting = [one.pk for one in known]
    while waiting:
        number = delegates.get(waiting.pop())
        if number is not None and number not in wanted:
            wanted.add(number)
            waiting.append(number)
    wanted -= {one.pk for one in known}
    return known + (list(User.objects.filter(pk__in=wanted, is_active=True)) if wanted else [])


def rights_today(user) -> frozenset[Right]:
    """Return the rights of `user`, with the approvals of those they stand in for.

    The latter are read once per user object, like their own.
    """
    absent = stands_in_for(user)
    if not absent:
        return scope_of(user).rights
    cached = user.__dict__.get("_rights_today")
    if cached is None:
        lent = (scope_of(one).rights for one in User.objects.filter(pk__in=absent))
        cached = scope_of(user).rights | (frozenset().union(*lent) & LENT)
        user.__dict__["_rights_today"] = cached
    return cached
