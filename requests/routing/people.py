"""The one person among colleagues who gets a request: trained for it, present, least busy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from massy_grc.users.models import User
from prestations.calendars import PARIS, midnight
from prestations.models import Absence, Department, Membership, Prestation, Team, Training
from requests.models import ServiceRequest
from requests.permissions import RIGHTS, Right, named_for

FRONT_ROLES = [role for role, rights in RIGHTS.items() if Right.FRONT_OFFICE in rights]
EXPERT_ROLES = [role for role, rights in RIGHTS.items() if Right.EXPERT_WORK in rights]


@dataclass(frozen=True)
class Choice:
    """Who was chosen.

    Attributes:
        load: how many open requests they have, this one not counted.
        among: how many were trained and present.
    """

    person: User
    load: int
    among: int


def colleagues(department: Department | None, team: Team | None) -> QuerySet[User]:
    """Who works in a department, else in a front-office team."""
    if department is not None:
        posts = Membership.objects.filter(department=department, role__in=EXPERT_ROLES)
    else:
        posts = Membership.objects.filter(team=team, role__in=FRONT_ROLES)
    return User.objects.filter(Exists(posts.filter(user=OuterRef("pk"))), is_active=True)


def trained_for(people: QuerySet[User], prestation_id: str) -> QuerySet[User]:
    """Those who can treat a prestation alone."""
    trainings = Training.objects.filter(user=OuterRef("pk"), prestation=prestation_id)
    return people.filter(Exists(trainings))


def present(people: QuerySet[User], now: datetime) -> QuerySet[User]:
    """Those who have been at work today, by their last act on the staff pages, and are not away."""
    today = now.astimezone(PARIS).date()
    return not_away(people, now).filter(seen_at__gte=midnight(today))


def not_away(people: QuerySet[User], now: datetime) -> QuerySet[User]:
    """Those who have noted no absence for today."""
    away = Absence.objects.on(now.astimezone(PARIS).date())
    return people.exclude(pk__in=away.values("person"))


def least_busy(people: QuerySet[User]) -> Choice | None:
    """Return whoever has the fewest open requests; None when there is nobody."""
    loads = (
        ServiceRequest.objects.open()
        .leading()
        .filter(assignee=OuterRef("pk"))
        .order_by()
        .values("assignee")
        .annotate(number=Count("pk"))
        .values("number")
    )
    load = Coalesce(Subquery(loads, output_field=IntegerField()), 0)
    found = list(people.annotate(load=load).order_by("load", "pk"))
    return Choice(found[0], found[0].load, len(found)) if found else None


def manager_among(
    supervisors: Iterable[User], prestation: Prestation, now: datetime
) -> User | None:
    """Return the front-office manager to whom falls what nobody else can route.

    Args:
        supervisors: those who answer for it; whoever is at work today first.
        prestation: a restricted one leaves those named for it.
    """
    everyone = User.objects.filter(pk__in=[one.pk for one in supervisors])
    everyone = named_for(everyone, prestation)
    choice = (
        least_busy(present(everyone, now))
        or least_busy(not_away(everyone, now))
        or least_busy(everyone)
    )
    return choice.person if choice else None
