"""What bars a favourable answer, the delivery or the end, and who can lift it (S55): one place.

The catalogue says what there is to make sure of: the mandatory documents of the form, and
`Prestation.checks`. A call that was promised bars the end, whatever the answer. Nothing here bars a
filing or an appointment: originals are seen at the counter.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.words import date_words
from prestations.enums import Check
from prestations.forms import Questionnaire
from prestations.translation import catalogue_text
from requests.deadlines import accepted_on
from requests.enums import CheckKind, PieceReason, UploadScan, Verb, WalletKind
from requests.exceptions import Blocked
from requests.models import CallBack, FileCheck, ServiceRequest

IDENTITY_PAPER = WalletKind.IDENTITY  # its original, seen at the counter, says who is there
NOBODY_TO_CALL = ("injoignable", "desistement")  # reasons that end even a promised call
SIGNATURE_SIZE = (600, 200)  # in which a signature is drawn


class Standing(StrEnum):
    """How a document of the form stands."""

    MISSING = "missing"
    TO_CHECK = "to-check"
    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Piece:
    """A document the form asks for, as it stands.

    Attributes:
        reason: why it is refused, a `PieceReason`.
        seen: the last file that came under its code; 0 for none.
    """

    code: str
    label: str
    required: bool
    standing: Standing
    reason: str = ""
    seen: int = 0
    check: FileCheck | None = None


@dataclass(frozen=True)
class Obstacle:
    """One thing that bars an act.

    Attributes:
        key: what an override names.
        words: what is missing.
        lifts: who can lift it, and how.
        delivery: whether it bars the delivery alone, not yet the answer.
        end: whether it bars only what ends the request, favourable or not.
    """

    key: str
    words: str
    lifts: str
    delivery: bool = False
    end: bool = False


def obstacles(
    service_request: ServiceRequest,
    verb: Verb,
    *,
    delivers: bool = False,
    favourable: bool = True,
    reason: str = "",
) -> list[Obstacle]:
    """Return what bars `verb`: when it says yes to the requester, and when it ends the request.

    An answer promises: what is due before the delivery (the fee, the signature) or before the end
    (a promised call) does not bar it, and keeps the request open after it (`still_due`).

    Args:
        delivers: whether the answer hands over what was asked for, as its letter says.
        favourable: whether the requester gets what they asked for.
        reason: code of the `ClosingReason`, where one is chosen.
    """
    if verb not in (Verb.ANSWER, Verb.READY, Verb.CLOSE, Verb.HAND_OVER):
        return []
    ends = verb in (Verb.CLOSE, Verb.HAND_OVER)
    found = _of_call(service_request) if ends and reason not in NOBODY_TO_CALL else []
    # once silence has accepted (CRPA L231-1), nothing may be asked of the requester any more
    if favourable and not accepted_on(service_request, timezone.localdate()):
        found += [*_of_pieces(service_request), *_of_identity(service_request)]
        if delivers or ends:
            found += [*_of_fee(service_request), *_of_signature(service_request)]
    if not found:
        return []
    lifted = lifted_keys(service_request)
    return [obstacle for obstacle in found if obstacle.key not in lifted]


def refuse_when_blocked(
    service_request: ServiceRequest,
    verb: Verb,
    *,
    delivers: bool = False,
    favourable: bool = True,
    reason: str = "",
) -> None:
    """Bar an act while something is missing.

    Args:
        delivers, favourable, reason: as `obstacles` reads them.

    Raises:
        Blocked: it says what, and who can lift it.
    """
    found = obstacles(
        service_request, verb, delivers=delivers, favourable=favourable, reason=reason
    )
    if found:
        raise Blocked(said(found))


def still_due(service_request: ServiceRequest, *, favourable: bool = True) -> list[Obstacle]:
    """Return what is due before the end; while there is any, an answer does not close."""
    found = obstacles(service_request, Verb.CLOSE, favourable=favourable)
    return [one for one in found if one.delivery or one.end]


def call_promised(service_request: ServiceRequest) -> CallBack | None:
    """The call that the requester was promised and has not had."""
    promised = service_request.call_backs.all()
    return next((one for one in promised if one.done_at is None), None)


def pieces_of(service_request: ServiceRequest) -> list[Piece]:
    """Return the documents that the form asks of this request, as they stand."""
    checks = {one.code: one for one in _checks(service_request, CheckKind.PIECE)}
    files: dict[str, int] = defaultdict(int)
    for file in service_request.attachments.all():
        if file.scan != UploadScan.QUARANTINED:
            files[file.document_code] = max(files[file.document_code], file.pk)
    came: dict[str, datetime] = {}
    for one in service_request.pieces.all():
        if one.received_at is not None:
            code = one.document_code
            came[code] = max(came.get(code, one.received_at), one.received_at)
    asked = Questionnaire(service_request.form_version, service_request.channel).documents_asked(
        service_request.answers
    )
    found = []
    for document in asked:
        if (
            document.code == IDENTITY_PAPER
            and document.original
            and _sees_identity(service_request)
        ):
            continue  # the check of the identity stands for it
        check, seen = checks.get(document.code), files.get(document.code, 0)
        received = came.get(document.code)
        if check is not None:
            if seen > check.seen or (received is not None and received > check.at):
                standing = Standing.TO_CHECK  # it was sent again since
            else:
                standing = Standing.ACCEPTED if check.passed else Standing.REFUSED
        elif document.code in service_request.papers and not (seen and received):
            standing = Standing.ACCEPTED  # seen by the agent who filed it
        else:
            standing = Standing.TO_CHECK if seen or received else Standing.MISSING
        found.append(
            Piece(
                code=document.code,
                label=document.label,
                required=document.required,
                standing=standing,
                reason=check.reason if check and standing == Standing.REFUSED else "",
                seen=seen,
                check=check,
            )
        )
    return found


def identity_of(service_request: ServiceRequest) -> FileCheck | None:
    """The last check of the requester's identity."""
    return next(reversed(_checks(service_request, CheckKind.IDENTITY)), None)


def fee_of(service_request: ServiceRequest) -> FileCheck | None:
    """The payment noted for what is asked; it stands when the request is reopened."""
    fees = _checks(service_request, CheckKind.FEE)
    if not fees:
        return None
    began = began_anew(service_request, by_reopening=False)
    return next((one for one in reversed(fees) if began is None or one.at > began), None)


def _checks(service_request: ServiceRequest, kind: CheckKind) -> list[FileCheck]:
    """What was made sure of, oldest first; a page that has read all of it asks nothing more."""
    return [one for one in service_request.checks.all() if one.kind == kind]


def began_anew(service_request: ServiceRequest, *, by_reopening: bool = True) -> datetime | None:
    """When the request became another one: what was lifted or approved before stands no more.

    Args:
        by_reopening: also when it was last reopened, not only when its prestation last changed.
    """
    moments = Q(verb=Verb.QUALIFY, data__has_key="prestation")
    if by_reopening:
        moments |= Q(verb=Verb.REOPEN)
    return service_request.events.filter(moments).aggregate(last=Max("at"))["last"]


def is_handed_over(service_request: ServiceRequest) -> bool:
    """Whether the document was signed for, since the request began anew."""
    given = service_request.hand_overs.all()
    began = began_anew(service_request)
    return (given.filter(at__gt=began) if began else given).exists()


def lifted_keys(service_request: ServiceRequest) -> set[str]:
    """Keys of the obstacles let pass since the request began anew."""
    overrides = list(service_request.overrides.all())
    if not overrides:
        return set()
    began = began_anew(service_request)
    standing = [one for one in overrides if began is None or one.at > began]
    return {key for one in standing for key in one.lifted}


def said(found: Sequence[Obstacle]) -> str:
    """Obstacles in one sentence, with who lifts them."""
    what = _(" ; ").join(obstacle.words for obstacle in found)
    lifts = " ".join(dict.fromkeys(obstacle.lifts for obstacle in found))
    missing = _("Ce qui manque : %(what)s.") % {"what": what}
    override = _("Le responsable de l’accueil peut lever le blocage en écrivant pourquoi.")
    return f"{missing} {lifts} {override}"


def _of_call(service_request: ServiceRequest) -> list[Obstacle]:
    """A promise made to the requester is kept before their request ends."""
    promised = call_promised(service_request)
    if promised is None:
        return []
    return [
        Obstacle(
            f"call:{promised.pk}",
            _("le rappel promis au demandeur (%(when)s), à faire") % {"when": promised.slot_words},
            _("Un agent de l’accueil rappelle le demandeur et le note."),
            end=True,
        )
    ]


def _of_pieces(service_request: ServiceRequest) -> list[Obstacle]:
    lifts = _("Un agent qui traite la demande vérifie la pièce, ou la refuse et la redemande.")
    awaited = {
        one.document_code or f"owed:{one.pk}": one
        for one in service_request.pieces.all()
        if one.received_at is None
    }
    found = []
    for piece in pieces_of(service_request):
        if piece.code in awaited or not piece.required or piece.standing == Standing.ACCEPTED:
            continue
        words = {
            Standing.MISSING: _("%(piece)s, pas encore là"),
            Standing.TO_CHECK: _("%(piece)s, à vérifier"),
            Standing.REFUSED: _("%(piece)s, à redemander (%(reason)s)"),
        }[piece.standing] % {
            "piece": catalogue_text(piece.label),
            "reason": PieceReason(piece.reason).label if piece.reason else "",
        }
        found.append(Obstacle(f"piece:{piece.code}", words, lifts))
    for key, owed in awaited.items():
        words = _("%(piece)s, à recevoir du demandeur jusqu’au %(day)s") % {
            "piece": catalogue_text(owed.label),
            "day": date_words(owed.due_on),
        }
        arrives = _("Un agent note ce qui est arrivé, ou vérifie la pièce vue au guichet.")
        found.append(Obstacle(f"piece:{key}", words, arrives))
    return found


def _sees_identity(service_request: ServiceRequest) -> bool:
    return Check.IDENTITY in service_request.prestation.checks


def _of_identity(service_request: ServiceRequest) -> list[Obstacle]:
    if not _sees_identity(service_request) or IDENTITY_PAPER in service_request.papers:
        return []
    if identity_of(service_request) or is_handed_over(service_request):
        return []
    return [
        Obstacle(
            "identity",
            _("l’identité du demandeur, à vérifier"),
            _("Un agent voit la pièce d’identité et le note."),
        )
    ]


def _of_fee(service_request: ServiceRequest) -> list[Obstacle]:
    if Check.FEE not in service_request.prestation.checks or fee_of(service_request):
        return []
    return [
        Obstacle(
            "fee",
            _("le paiement du tarif, à noter"),
            _("Un agent note le montant, le moyen de paiement et le numéro du reçu."),
            delivery=True,
        )
    ]


def _of_signature(service_request: ServiceRequest) -> list[Obstacle]:
    if Check.SIGNATURE not in service_request.prestation.checks:
        return []
    if is_handed_over(service_request):
        return []
    return [
        Obstacle(
            "signature",
            _("la signature de qui retire le document"),
            _("Un agent de l’accueil la recueille par « Remettre le document »."),
            delivery=True,
        )
    ]
