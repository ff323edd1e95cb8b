"""Verbs of what is made sure of before a yes: documents, identity, fee, signature (S55)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import Check
from prestations.models import ClosingReason
from requests.actions.clocks import receive_pieces
from requests.actions.core import open_request, record, require, working_state
from requests.actions.decisions import DELIVERED, needs_approval
from requests.actions.outcome import close_request
from requests.blocking import SIGNATURE_SIZE, Standing, obstacles, pieces_of
from requests.enums import CheckKind, IdentityProof, PieceReason, State, Verb
from requests.exceptions import IllegalTransition, MissingInput
from requests.models import FileCheck, HandOver, Override, ServiceRequest

MOST_POINTS = 4000  # of a signature
INITIALS = 10


@dataclass(frozen=True)
class Fee:
    """A payment: the amount in euros, how, and the number of the receipt given for it."""

    amount: Decimal
    method: str
    receipt: str


@transaction.atomic
def check_file(
    *,
    request_id: int,
    version: int | None,
    actor,
    pieces: Mapping[str, str] | None = None,
    proof: str = "",
    fee: Fee | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Note what was made sure of. A document accepted counts as received.

    Args:
        pieces: by document code, "" when it is accepted, else why it is refused (`PieceReason`).
        proof: how the requester's identity was seen, an `IdentityProof`; "" when it was not.
        fee: what was paid.

    Raises:
        MissingInput: nothing new, a document the form does not ask for, or half a payment.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.CHECK, actor=actor, version=version
    )
    data, missing = _keep(service_request, actor, now, pieces or {}, proof, fee)
    if not data:
        raise MissingInput(_("Cochez ce que vous avez vérifié."))
    resumes = service_request.state == State.ATTENTE_PIECES and data.get("accepted") and not missing
    record(
        service_request,
        Verb.CHECK,
        actor=actor,
        to=working_state(service_request) if resumes else None,
        now=now,
        data=data,
    )
    return service_request


@transaction.atomic
def hand_over(
    *,
    request_id: int,
    version: int | None,
    actor,
    collected_by: str = "",
    proof: str = "",
    strokes: Sequence = (),
    initials: str = "",
    pieces: Mapping[str, str] | None = None,
    fee: Fee | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """The document is given to whoever collects it, and the request closed.

    Where the catalogue asks for a signature, who collects it, the identity seen and the signature
    are kept; what is seen at the same moment is noted with it.

    Args:
        strokes: the drawn signature, see `HandOver`; `initials` are typed instead.
        pieces, proof, fee: see `check_file`.

    Raises:
        Blocked: something else is missing.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.HAND_OVER, actor=actor, version=version
    )
    if needs_approval(service_request, actor):
        raise IllegalTransition(
            _("Le responsable du service n’a pas encore approuvé : envoyez d’abord la réponse.")
        )
    signs = Check.SIGNATURE in service_request.prestation.checks or bool(collected_by.strip())
    # whose identity was seen, of who collects it or of the requester, stands with the signature
    seen = "" if signs else proof
    data, _missing = _keep(service_request, actor, now, pieces or {}, seen, fee)
    if signs:
        row = HandOver.objects.create(
            request=service_request,
            collected_by=require(collected_by, _("Écrivez qui retire le document."))[:150],
            proof=_proof(require(proof, _("Dites quelle pièce d’identité vous avez vue."))),
            strokes=_drawn(strokes),
            initials=initials.strip()[:INITIALS],
            by=actor,
            at=now,
        )
        if not row.strokes and not row.initials:
            raise MissingInput(
                _("Faites signer, ou tapez les initiales de qui retire le document.")
            )
        data |= {"hand_over": row.pk, "proof": row.proof}
    record(service_request, Verb.HAND_OVER, actor=actor, now=now, data=data)
    return close_request(
        request_id=request_id,
        version=None,
        actor=actor,
        closing_reason=ClosingReason.objects.get(pk=DELIVERED),
        now=now,
    )


@transaction.atomic
def override_obstacles(
    *,
    request_id: int,
    version: int | None,
    actor,
    lifted: Collection[str],
    reason: str,
    now: datetime | None = None,
) -> ServiceRequest:
    """Let obstacles pass, saying why. What is written stays, and shows on the timeline.

    Args:
        lifted: keys of obstacles that stand.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.OVERRIDE, actor=actor, version=version
    )
    standing = {obstacle.key for obstacle in obstacles(service_request, Verb.CLOSE)}
    if not lifted or not set(lifted) <= standing:
        raise MissingInput(_("Choisissez ce que vous laissez passer."))
    row = Override.objects.create(
        request=service_request,
        lifted=sorted(lifted),
        reason=require(reason, _("Écrivez pourquoi vous levez le blocage.")),
        by=actor,
        at=now,
    )
    data = {"override": row.pk, "lifted": row.lifted}
    record(service_request, Verb.OVERRIDE, actor=actor, now=now, data=data)
    return service_request


def _keep(
    service_request: ServiceRequest,
    actor,
    now: datetime,
    pieces: Mapping[str, str],
    proof: str,
    fee: Fee | None,
) -> tuple[dict[str, Any], int]:
    """Write what is new; returns what the event says of it, and how many pieces are still owed."""
    known = {piece.code: piece for piece in pieces_of(service_request)}
    if not set(pieces) <= set(known) or not set(pieces.values()) <= {"", *PieceReason.values}:
        raise MissingInput(_("Choisissez une pièce et un motif de la liste."))
    rows: list[FileCheck] = []
    data: dict[str, Any] = {}
    for code, reason in pieces.items():
        piece = known[code]
        same = piece.standing == (Standing.REFUSED if reason else Standing.ACCEPTED)
        if same and piece.reason == reason:
            continue
        rows.append(
            FileCheck(
                kind=CheckKind.PIECE, code=code, passed=not reason, reason=reason, seen=piece.seen
            )
        )
        data.setdefault("refused" if reason else "accepted", []).append(code)
    if proof:
        rows.append(FileCheck(kind=CheckKind.IDENTITY, proof=_proof(proof)))
        data["proof"] = proof
    if fee is not None:
        rows.append(_payment(service_request, fee))
        data["fee"] = {"amount": str(fee.amount), "method": fee.method, "receipt": fee.receipt}
    for row in rows:
        row.request, row.by, row.at = service_request, actor, now
    FileCheck.objects.bulk_create(rows)
    missing = receive_pieces(service_request, now, codes=data.get("accepted", ()))
    return data, missing


def _proof(proof: str) -> IdentityProof:
    if proof not in IdentityProof.values:
        raise MissingInput(_("Dites quelle pièce d’identité vous avez vue."))
    return IdentityProof(proof)


def _payment(service_request: ServiceRequest, fee: Fee) -> FileCheck:
    if fee.amount < 0 or fee.method not in service_request.prestation.fee.get("payment", ()):
        raise MissingInput(_("Choisissez un moyen de paiement de la prestation."))
    receipt = require(fee.receipt, _("Écrivez le numéro du reçu."))
    return FileCheck(kind=CheckKind.FEE, amount=fee.amount, method=fee.method, receipt=receipt[:40])


def _drawn(strokes: Sequence) -> list:
    """The strokes of a signature, as whole points inside their frame.

    Raises:
        MissingInput: what was sent is no drawing.
    """
    width, height = SIGNATURE_SIZE
    try:
        drawn = [[[int(x), int(y)] for x, y in stroke] for stroke in strokes]
    except (TypeError, ValueError, OverflowError) as wrong:
        raise MissingInput(_("La signature n’a pas été comprise : recommencez.")) from wrong
    points = [point for stroke in drawn for point in stroke]
    inside = all(0 <= x <= width and 0 <= y <= height for x, y in points)
    if not inside or len(points) > MOST_POINTS:
        raise MissingInput(_("La signature n’a pas été comprise : recommencez."))
    return [stroke for stroke in drawn if stroke]
