"""The demo's dissatisfaction: what Proximité noted, whom it calls back, what keeps happening."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from massy_grc.users.models import User
from prestations.calendars import PARIS, town_calendar
from prestations.enums import Role
from prestations.models import RootCause, Severity
from requests.actions import problems
from requests.demo.people import Staff
from requests.enums import State
from requests.models import CallBack, Complaint, ServiceRequest
from requests.permissions import COMPLAINTS_TEAM
from requests.recurrence import LEAST, WINDOW, is_going_on, recurring, told_since

NOTED_OVER = timedelta(days=180)
NOTED, ABUSIVE, WITH_CAUSE = 0.6, 0.03, 0.5
SEVERITIES = (5, 4, 2, 0.3)  # shares, the lightest first
CORRECTIVE = (
    "Passage d'une équipe dès le lendemain, photo jointe au dossier.",
    "Rappel de la personne et nouveau rendez-vous.",
    "Nettoyage fait, consigne donnée au prestataire.",
    "Balisage posé en attendant les travaux.",
)
ABOUT = (
    "Dire quand passe l'équipe",
    "Expliquer le retard des travaux",
    "Vérifier que tout est rentré dans l'ordre",
    "Convenir d'un rendez-vous sur place",
)
# action of each followed problem: what, in how many days (past: late), cause
ACTIONS = (
    (
        "Remplacer ce qui est usé au prochain marché ; d'ici là, un contrôle chaque mois.",
        40,
        "usure",
    ),
    (
        "Revoir le contrat du prestataire : deux passages par semaine au lieu d'un.",
        -3,
        "prestataire",
    ),
)
PLANNED_BEFORE = timedelta(days=30)
HOURS = (9, 10, 14, 15, 16)  # of today's promised calls


def make_complaints(random: Random, staff: Staff, now: datetime) -> None:
    """Note complaints, promise calls and follow problems; once."""
    agent = User.objects.filter(pk=staff.demo.get(Role.AGENT_PROXIMITE, 0)).first()
    if agent is None or Complaint.objects.exists():
        return
    rows = list(
        ServiceRequest.objects.filter(
            team=COMPLAINTS_TEAM, arrived_at__gte=now - NOTED_OVER, prestation__restricted=""
        )
        .exclude(state=State.ANNULEE)
        .order_by("arrived_at", "pk")
    )
    _note(random, rows, staff.proximite, now)
    _promise(random, rows, staff.proximite, agent, now)
    _follow(agent, now)


def _note(random: Random, rows: list[ServiceRequest], people: list[int], now: datetime) -> None:
    severities = list(Severity.objects.filter(is_active=True).order_by("order"))
    causes = list(RootCause.objects.filter(is_active=True))
    noted = []
    for row in rows:
        if random.random() > NOTED:
            continue
        (severity,) = random.choices(severities, SEVERITIES[: len(severities)])
        told = random.random() < WITH_CAUSE
        noted.append(
            Complaint(
                request=row,
                version=1,
                severity=severity,
                abusive=random.random() < ABUSIVE,
                cause=random.choice(causes) if told else None,
                action=random.choice(CORRECTIVE) if told else "",
                action_done=told and row.closed_at is not None,
                updated_by_id=random.choice(people),
                updated_at=min(row.arrived_at + timedelta(days=1), now),
            )
        )
    Complaint.objects.bulk_create(noted)


def _promise(
    random: Random, rows: list[ServiceRequest], people: list[int], agent: User, now: datetime
) -> None:
    """Calls of today on open requests, one of them late since the last working day."""
    calendar = town_calendar()
    last = calendar.add_working_days(timezone.localdate(now), -1)
    today = calendar.add_working_days(last, 1)  # on a Sunday, the Monday
    open_ones = [row for row in reversed(rows) if row.is_open and row.requester_phone]
    calls = []
    for place, (row, hour) in enumerate(zip(open_ones, HOURS, strict=False)):
        day = last if place == 0 else today
        starts_at = datetime.combine(day, time(hour), PARIS)
        calls.append(
            CallBack(
                request=row,
                phone=row.requester_phone,
                about=random.choice(ABOUT),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                owner_id=agent.pk if place % 2 == 0 else random.choice(people),
                promised_by_id=random.choice(people),
                promised_at=min(now, max(row.arrived_at, starts_at - timedelta(days=2))),
                reminded_at=now if starts_at < now else None,
            )
        )
        if place and starts_at < now:  # the first one is late, the others were made in time
            calls[-1].done_at, calls[-1].done_by = starts_at + timedelta(minutes=9), agent
    CallBack.objects.bulk_create(calls)


def _follow(agent: User, now: datetime) -> None:
    """Two problems are followed, one is proposed: what the nightly search finds most of."""
    told = {one.pk: one for one in told_since(now - WINDOW)}
    found = recurring(list(told.values()))
    groups = [
        keys for keys in found if len(keys) >= LEAST and is_going_on([told[pk] for pk in keys], now)
    ]
    groups.sort(key=len, reverse=True)
    for keys, (action, days, cause) in zip(groups, ACTIONS, strict=False):
        first = ServiceRequest.objects.get(pk=keys[0])
        problem = problems.open_problem(
            actor=agent, title=problems.usual_title(first), requests=keys, now=now
        )
        problems.write_problem(
            problem_id=problem.pk,
            version=problem.version,
            actor=agent,
            title=problem.title,
            owner=agent,
            cause=RootCause.objects.get(pk=cause),
            action=action,
            action_on=timezone.localdate(now) + timedelta(days=days),
            now=now - PLANNED_BEFORE,
        )
    for keys in groups[len(ACTIONS) :][:1]:
        problems.propose_problem(keys, now)
