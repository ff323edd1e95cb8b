"""The demo's work of this week: departments asked for help, titles handed over, letters to post."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Department
from requests import actions
from requests.demo.checks import pieces_to_see
from requests.demo.people import DEMO_DEPARTMENT, Staff
from requests.enums import IdentityProof, State, TaskKind
from requests.exceptions import RequestError
from requests.models import ServiceRequest, Task

# who is asked for what, and whether they have accepted or concluded
ASKED = (
    (DEMO_DEPARTMENT, TaskKind.WORK, "Poser des barrières le temps des travaux.", "concluded"),
    ("police-municipale", TaskKind.WORK, "Passer voir si des véhicules gênent encore.", "accepted"),
    ("espaces-verts", TaskKind.WORK, "Élaguer la branche qui gêne le passage.", "concluded"),
    ("proprete-urbaine", TaskKind.WORK, "Enlever le dépôt devant l’entrée.", "asked"),
    ("urbanisme", TaskKind.OPINION, "Le règlement permet-il ce que demande la personne ?", "asked"),
)
DONE = "Fait ce matin, photos jointes au registre du service."
AT_THE_EXPERT_S = 4
HANDED_OVER = 4
WRITTEN = 6
WORDS = (
    "Votre dossier est complet. Le service vous répond sous quinze jours.",
    "Nous avons bien noté votre appel. Le service vous proposera une date par courrier.",
)


def make_desk(staff: Staff, now: datetime) -> None:
    """Let agents ask departments for work, hand titles over and write letters on paper; once."""
    agents = list(User.objects.filter(pk__in=staff.eas).order_by("pk"))
    if not agents or Task.objects.exists():
        return
    _ask_departments(staff, agents[0], now)
    _give_to_the_expert(staff, now)
    _hand_over(agents, now)
    _write_on_paper(agents, now)


def _ask_departments(staff: Staff, agent: User, now: datetime) -> None:
    known = Department.objects.in_bulk([code for code, *_rest in ASKED])
    led = (
        ServiceRequest.objects.leading()
        .filter(
            state=State.TRANSMISE, prestation__restricted="", due_at__gt=now + timedelta(days=6)
        )
        .exclude(department__in=known)
    )
    for (code, kind, asked, then), sr in zip(ASKED, led.order_by("-arrived_at"), strict=False):
        worker = User.objects.filter(pk__in=staff.experts.get(code, ())).first()
        if code not in known or worker is None:
            continue
        own: dict[str, Any] = {"request_id": sr.pk, "version": None, "now": now}
        (task,) = actions.ask_task(
            **own,
            actor=agent,
            departments=[known[code]],
            kind=kind,
            asked=asked,
            due_on=timezone.localdate(now) + timedelta(days=5),
        )
        if then != "asked":
            actions.accept_task(**own, actor=worker, task=task.pk)
        if then == "concluded":
            actions.conclude_task(**own, actor=worker, task=task.pk, conclusion=DONE)


def _give_to_the_expert(staff: Staff, now: datetime) -> None:
    """The head of the roads has given the demo's expert what came last."""
    head = User.objects.get(pk=staff.demo[Role.CHEF_SERVICE])
    expert = User.objects.get(pk=staff.demo[Role.AGENT_EXPERT])
    theirs = ServiceRequest.objects.leading().filter(
        department=DEMO_DEPARTMENT,
        department_since__isnull=False,
        state__in=(State.TRANSMISE, State.ATTENTE_TIERS, State.ATTENTE_PIECES),
    )
    for sr in theirs.exclude(assignee=expert).order_by("-arrived_at")[:AT_THE_EXPERT_S]:
        actions.assign_request(request_id=sr.pk, version=None, actor=head, assignee=expert, now=now)


def _hand_over(agents: list[User], now: datetime) -> None:
    """Some titles that waited were collected and signed for."""
    waiting = ServiceRequest.objects.leading().filter(state=State.A_RETIRER, unread_since=None)
    left = HANDED_OVER
    for sr in waiting.select_related("prestation").order_by("-arrived_at")[: 10 * HANDED_OVER]:
        try:
            actions.hand_over(
                request_id=sr.pk,
                version=None,
                actor=agents[left % len(agents)],
                collected_by=sr.requester_name,
                proof=IdentityProof.CARD,
                initials="".join(part[0] for part in sr.requester_name.split()[:2]),
                pieces=dict.fromkeys((one.code for one in pieces_to_see(sr)), ""),
                now=now,
            )
        except RequestError:  # not paid yet
            continue
        left -= 1
        if not left:
            return


def _write_on_paper(agents: list[User], now: datetime) -> None:
    """Whoever has no e-mail address gets a letter: it waits to be printed."""
    on_paper = (
        ServiceRequest.objects.leading()
        .filter(
            state__in=[State.EN_COURS, State.TRANSMISE],
            requester_email="",
            unread_since=None,
            prestation__restricted="",
        )
        .exclude(requester_address="")
    )
    for place, sr in enumerate(on_paper.order_by("-arrived_at")[:WRITTEN]):
        try:
            actions.write_message(
                request_id=sr.pk,
                version=None,
                actor=agents[place % len(agents)],
                subject="votre demande",
                body=WORDS[place % len(WORDS)],
                now=now,
            )
        except RequestError:  # marked as abusive: a neutral template, not one's own words
            continue
