"""Absences of the staff, noted by themselves or by who manages them; written in the access log."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.accesses import record_access
from massy_grc.common.words import date_words
from massy_grc.users.models import User
from prestations.models import Absence
from requests.exceptions import MissingInput, NotAllowed
from requests.permissions import Right, scope_of
from requests.routing.people import EXPERT_ROLES, FRONT_ROLES

LONGEST = dt.timedelta(days=366)
KEPT = dt.timedelta(days=92)  # after the last day: register of processing, `absences`


def managed_by(user) -> QuerySet[User]:
    """Whose absences `user` may note: their own, and those of the people they manage."""
    scope = scope_of(user)
    people = Q(pk=user.pk)
    if scope.may(Right.ASSIGN_IN_DEPARTMENT):
        people |= Q(
            memberships__department__in=scope.departments, memberships__role__in=EXPERT_ROLES
        )
    if scope.may(Right.SUPERVISE):
        people |= Q(memberships__role__in=FRONT_ROLES)
    return _at_work(people)


def colleagues_of(person: User) -> QuerySet[User]:
    """Who may stand in for `person`: whoever works at one of their places and so sees the same."""
    posts = list(person.memberships.all())
    places = Q(pk__in=[])
    if any(post.role in FRONT_ROLES for post in posts):
        places |= Q(memberships__role__in=FRONT_ROLES)
    departments = [post.department_id for post in posts if post.role in EXPERT_ROLES]
    places |= Q(memberships__department__in=departments, memberships__role__in=EXPERT_ROLES)
    return _at_work(places).exclude(pk=person.pk)


def _at_work(people: Q) -> QuerySet[User]:
    agents = User.objects.agents().filter(people, is_active=True)
    return agents.distinct()


@transaction.atomic
def note_absence(
    *,
    actor,
    person: User,
    first_day: dt.date,
    last_day: dt.date,
    delegate: User | None = None,
    now: dt.datetime | None = None,
) -> Absence:
    """Note that somebody is away: nothing new is routed to them, and `delegate` sees their work.

    It ends by itself.

    Raises:
        NotAllowed: neither oneself nor somebody one manages.
        MissingInput: days that are over, in the wrong order, more than a year or noted already; a
            delegate who does not work at any place of theirs, or is away on one of the days.
    """
    now = now or timezone.now()
    if not managed_by(actor).filter(pk=person.pk).exists():
        raise NotAllowed
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if last_day < first_day:
        raise MissingInput(_("Le dernier jour vient avant le premier."))
    if last_day < timezone.localdate(now):
        raise MissingInput(_("Ces jours sont passés."))
    if last_day - first_day > LONGEST:
        raise MissingInput(_("Une absence dure un an au plus."))
    if person.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise MissingInput(_("Une absence est déjà notée pendant ces jours."))
    if delegate is not None and not colleagues_of(person).filter(pk=delegate.pk).exists():
        raise MissingInput(
            _("%(delegate)s ne travaille pas au même endroit que %(name)s.")
            % {"delegate": delegate.get_full_name(), "name": person.get_full_name()}
        )
    if delegate is not None:
        _refuse_away(delegate, first_day, last_day)
    absence = Absence.objects.create(
        person=person,
        first_day=first_day,
        last_day=last_day,
        delegate=delegate,
        noted_by=actor,
        noted_at=now,
    )
    record_access(user=actor, action="absence", object_type="user", object_id=person.pk)
    return absence


def _refuse_away(delegate: User, first_day: dt.date, last_day: dt.date) -> None:
    """Refuse who is away on one of these days, and say until when."""
    away = delegate.absences.filter(first_day__lte=last_day, last_day__gte=first_day)
    last = away.order_by("last_day").last()
    if last is not None:
        raise MissingInput(
            _("%(delegate)s est en absence jusqu’au %(day)s : choisissez un autre remplaçant.")
            % {"delegate": delegate.get_full_name(), "day": date_words(last.last_day)}
        )


@transaction.atomic
def end_absence(*, actor, absence_id: int, now: dt.datetime | None = None) -> None:
    """Somebody is back, or was never away: the absence ends before today.

    Raises:
        NotAllowed: neither oneself nor somebody one manages.
        Absence.DoesNotExist: unknown.
    """
    today = timezone.localdate(now)
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence_id)
    if not managed_by(actor).filter(pk=absence.person_id).exists():
        raise NotAllowed
    if absence.first_day >= today:
        absence.delete()
    else:
        absence.last_day = min(absence.last_day, today - dt.timedelta(days=1))
        absence.save(update_fields=["last_day"])
    record_access(user=actor, action="absence-end", object_type="user", object_id=absence.person_id)


def sweep_absences(today: dt.date) -> int:
    """Delete the absences that ended more than `KEPT` ago; returns how many."""
    return Absence.objects.filter(last_day__lt=today - KEPT).delete()[0]
