"""The demo's files being checked: accepted, refused and asked for again, paid, let pass."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from massy_grc.users.models import User
from prestations.enums import Check
from requests import actions
from requests.blocking import Piece, Standing, obstacles, pieces_of
from requests.demo.people import Staff
from requests.enums import IdentityProof, Outcome, PieceFault, PieceReason, State, Verb
from requests.models import FileCheck, ServiceRequest

CHECKED = 40  # of the newest requests under way
LIFTED_BECAUSE = "L’original a été vu par la mairie annexe ; la copie suit par le courrier interne."


def make_checks(staff: Staff, now: datetime) -> None:
    """Let agents check the newest files; once."""
    if FileCheck.objects.exists():
        return
    agents = list(User.objects.filter(pk__in=staff.eas).order_by("pk"))
    running = ServiceRequest.objects.filter(
        state__in=[State.EN_COURS, State.TRANSMISE], prestation__restricted="", unread_since=None
    )
    requests = list(running.select_related("prestation").order_by("-arrived_at")[:CHECKED])
    with_pieces = [sr for sr in requests if pieces_to_see(sr)]
    for place, sr in enumerate(with_pieces):
        agent = agents[place % len(agents)]
        required = pieces_to_see(sr)
        if place % 3 == 0:
            _accept(sr, agent, required, now)
        elif place % 3 == 1:
            _refuse(sr, agent, required[0], now)
    with_fee = ServiceRequest.objects.filter(prestation__checks__contains=[Check.FEE])
    paid = (running & with_fee).select_related("prestation").order_by("-arrived_at")[:3]
    for place, sr in enumerate(paid):
        method = sr.prestation.fee["payment"][-1]
        fee = actions.Fee(Decimal("20.00"), method, f"R-{now:%Y}-{118 + place}")
        actions.check_file(request_id=sr.pk, version=None, actor=agents[0], fee=fee, now=now)
    _submit(agents[0], now)
    boss = User.objects.filter(pk=staff.supervisor).first()
    if boss and len(with_pieces) > 2:
        sr = with_pieces[2]
        actions.override_obstacles(
            request_id=sr.pk,
            version=None,
            actor=boss,
            lifted=[f"piece:{pieces_to_see(sr)[0].code}"],
            reason=LIFTED_BECAUSE,
            now=now,
        )


def pieces_to_see(sr: ServiceRequest) -> list[Piece]:
    """The mandatory documents that nobody has accepted yet."""
    pieces = pieces_of(sr)
    return [one for one in pieces if one.required and one.standing != Standing.ACCEPTED]


def _submit(agent: User, now: datetime) -> None:
    """Some favourable answers wait for the head of their department."""
    waiting = ServiceRequest.objects.filter(
        state=State.A_REPONDRE, conclusion_outcome=Outcome.POSITIVE, unread_since=None
    )
    for sr in waiting.exclude(prestation__approval="").order_by("-arrived_at"):
        if not obstacles(sr, Verb.ANSWER):
            actions.answer_request(
                request_id=sr.pk,
                version=None,
                actor=agent,
                body=sr.conclusion,
                outcome=Outcome.POSITIVE,
                now=now,
            )


def _refuse(sr: ServiceRequest, agent: User, piece: Piece, now: datetime) -> None:
    """A copy cannot be read: it is asked for again."""
    own: dict[str, Any] = {"request_id": sr.pk, "version": None, "actor": agent, "now": now}
    actions.check_file(**own, pieces={piece.code: PieceReason.UNREADABLE})
    asked = {
        "document_code": piece.code,
        "label": piece.label,
        "reason": PieceReason.UNREADABLE.value,
    }
    due_on = timezone.localdate(now) + timedelta(days=15)
    actions.ask_pieces(**own, pieces=[asked], due_on=due_on, fault=PieceFault.INCORRECT)


def _accept(sr: ServiceRequest, agent: User, pieces: list[Piece], now: datetime) -> None:
    seen = Check.IDENTITY in sr.prestation.checks
    actions.check_file(
        request_id=sr.pk,
        version=None,
        actor=agent,
        pieces=dict.fromkeys((one.code for one in pieces), ""),
        proof=IdentityProof.CARD if seen else "",
        now=now,
    )
