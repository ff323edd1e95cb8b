"""Verbs of conversation: between the town and the requester, through the front office."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS
from prestations.enums import Channel, LetterUse
from requests.actions.clocks import receive_pieces
from requests.actions.core import open_request, record, working_state
from requests.actions.letters import write_letter
from requests.actions.rights import awaits
from requests.enums import PAUSED_STATES, MessageDirection, PieceFault, PieceReason, State, Verb
from requests.exceptions import AlreadySent, IllegalTransition, MissingInput, TooManyFiles
from requests.letters.engine import refuse_fields_left
from requests.models import (
    Attachment,
    InternalNote,
    Message,
    PieceRequest,
    RequestEvent,
    ServiceRequest,
)
from requests.notifications.sending import reply_leaves_by
from requests.permissions import Right, scope_of
from requests.workflow import VERBS

ASKING = VERBS[Verb.ASK_PIECES].states
MOST_FILES = 20  # of the requester on one request; what the town itself asks for has more room
MOST_FILES_ASKED = 40


@transaction.atomic
def ask_pieces(
    *,
    request_id: int,
    version: int | None,
    actor,
    pieces: Sequence[dict],
    due_on: date,
    fault: PieceFault = PieceFault.INCOMPLETE,
    now: datetime | None = None,
) -> ServiceRequest:
    """Ask the requester for missing documents, through the town's own template (L5).

    The clock stops until all have come. Experts may ask: the words are the template's and the
    catalogue's, for only the front office writes to the requester (S27).

    Args:
        pieces: ``{"document_code", "label", "reason"}`` each; a label at least. From an expert a
            known document, and a reason of `PieceReason` or none.
        due_on: the day by which they should be there, in the future.
        fault: whether something is missing, or all is there and something is to be corrected.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.ASK_PIECES, actor=actor, version=version
    )
    asked = [piece for piece in pieces if piece.get("label", "").strip()]
    if not asked:
        raise MissingInput(_("Choisissez au moins une pièce à demander."))
    if not scope_of(actor).may(Right.FRONT_OFFICE) and not all(_in_set_words(one) for one in asked):
        raise MissingInput(_("Choisissez une pièce et un motif de la liste."))
    if due_on <= now.astimezone(PARIS).date():
        raise MissingInput(_("La date limite doit être à venir."))
    refuse_fields_left(*(words for piece in asked for words in (piece["label"], _reason(piece))))
    rows = PieceRequest.objects.bulk_create(
        PieceRequest(
            request=service_request,
            document_code=piece.get("document_code", ""),
            label=piece["label"].strip()[:250],
            reason=_reason(piece)[:300],
            fault=fault,
            asked_by=actor,
            asked_at=now,
            due_on=due_on,
        )
        for piece in asked
    )
    _wait_for(service_request, rows, actor=actor, now=now)
    return service_request


def ask_owed(service_request: ServiceRequest, actor, now: datetime) -> None:
    """Wait for the answers that a form was recorded without; after the verb that recorded it.

    The clock stops as for documents asked for (`ask_pieces`); what asks is the acknowledgement
    while that has not left. Documents alone stop nothing here: work begins without them.

    Args:
        service_request: locked by the caller.
        actor: who recorded it; None for the system, which has routed it since.
    """
    owed = list(service_request.pieces.filter(received_at=None, asked_by=None))
    if service_request.state not in ASKING or not any(piece.is_answer for piece in owed):
        return
    unsaid = service_request.acknowledged_at is None
    _wait_for(service_request, owed, actor=actor, now=now, form=True, acknowledges=unsaid)


def _wait_for(
    service_request: ServiceRequest,
    pieces: Sequence[PieceRequest],
    *,
    actor,
    now: datetime,
    **how: bool,
) -> None:
    """Stop the clock until these pieces are there, the first of their days at the latest."""
    record(
        service_request,
        Verb.ASK_PIECES,
        actor=actor,
        to=State.ATTENTE_PIECES,
        now=now,
        data={
            "pieces": [piece.pk for piece in pieces],
            "due_on": min(piece.due_on for piece in pieces).isoformat(),
            **how,
        },
    )


def _reason(piece: dict) -> str:
    return piece.get("reason", "").strip()


def _in_set_words(piece: dict) -> bool:
    reason = _reason(piece)
    return bool(piece.get("document_code")) and (not reason or reason in PieceReason.values)


@transaction.atomic
def supply(
    *,
    request_id: int,
    body: str = "",
    attachments: Sequence[Attachment] = (),
    actor=None,
    by_requester: bool = True,
    channel: str = Channel.WEB,
    received_pieces: Sequence[int] = (),
    sending: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """An answer or documents arrive while the request waits for them.

    Documents asked for count as received when a file carries their code, or when their
    `PieceRequest` is named in `received_pieces` (an agent has them in hand). The clock starts
    again once nothing is missing any more; an answer to a question starts it at once.

    Args:
        actor: the agent who enters it, None when the requester does it online.
        sending: names one sending of a form; the same one again is refused.

    Raises:
        AlreadySent: this sending has been kept.
        TooManyFiles: the requester's files are as many as a request may hold.
    """
    now = now or timezone.now()
    _refuse_repeat(request_id, sending)
    service_request = open_request(
        request_id=request_id,
        verb=Verb.SUPPLY,
        actor=actor,
        by_requester=by_requester and actor is None,
    )
    if not awaits(service_request):
        raise IllegalTransition
    if not body.strip() and not attachments and not received_pieces:
        raise MissingInput(_("Écrivez votre réponse ou ajoutez un document."))
    message = incoming(service_request, body, channel, now)
    _adopt(service_request, attachments)
    if actor is None:
        _check_room(service_request, attachments, MOST_FILES_ASKED)
    codes = {file.document_code for file in attachments if file.document_code}
    missing = receive_pieces(service_request, now, codes=codes, piece_ids=received_pieces)
    waits = service_request.state == State.ATTENTE_PIECES and missing
    resumes = service_request.state in PAUSED_STATES and not waits
    record(
        service_request,
        Verb.SUPPLY,
        actor=actor,
        by_requester=actor is None,
        to=working_state(service_request) if resumes else None,
        now=now,
        data={
            "message": message.pk if message else None,
            "attachments": [file.pk for file in attachments],
            "still_missing": missing,
            **_mark(sending),
        },
    )
    return service_request


@transaction.atomic
def write_message(
    *,
    request_id: int,
    version: int | None,
    actor,
    body: str = "",
    subject: str = "",
    template: str = "",
    fields: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Message:
    """Write to the requester; the front office only (S27).

    Args:
        template, fields: see `write_letter`.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.WRITE, actor=actor, version=version
    )
    message = write_letter(
        service_request,
        actor,
        now,
        body=body,
        use=LetterUse.MESSAGE,
        subject=subject,
        template=template,
        fields=fields,
    )
    record(service_request, Verb.WRITE, actor=actor, now=now, data={"message": message.pk})
    return message


@transaction.atomic
def receive_message(
    *,
    request_id: int,
    body: str,
    channel: str = Channel.WEB,
    attachments: Sequence[Attachment] = (),
    sending: str = "",
    now: datetime | None = None,
) -> ServiceRequest:
    """A message arrives from the requester, whatever the state.

    While the request waits for an answer this is one (`supply`), unless the question has not left
    yet; on a closed request the
    message is kept and shown to the front office, which decides whether to reopen.

    Args:
        sending: names one sending of a form; the same one again is refused.

    Raises:
        AlreadySent: this sending has been kept.
        TooManyFiles: the requester's files are as many as a request may hold.
    """
    now = now or timezone.now()
    _refuse_repeat(request_id, sending)
    service_request = open_request(request_id=request_id, verb=Verb.RECEIVE, by_requester=False)
    waits = (State.ATTENTE_DEMANDEUR, State.ATTENTE_PIECES)
    unseen = service_request.sendings.leaving(now).exclude(from_state__in=waits)
    if service_request.state in waits and not unseen.exists():
        return supply(
            request_id=request_id,
            body=body,
            attachments=attachments,
            channel=channel,
            sending=sending,
            now=now,
        )
    if not body.strip() and not attachments:
        raise MissingInput(_("Écrivez votre message ou ajoutez un document."))
    message = incoming(service_request, body, channel, now)
    _adopt(service_request, attachments)
    _check_room(service_request, attachments, MOST_FILES)
    record(
        service_request,
        Verb.RECEIVE,
        by_requester=True,
        now=now,
        data={
            "message": message.pk if message else None,
            "attachments": [file.pk for file in attachments],
            **_mark(sending),
        },
    )
    return service_request


@transaction.atomic
def attach(
    *,
    request_id: int,
    actor,
    attachments: Sequence[Attachment],
    now: datetime | None = None,
) -> ServiceRequest:
    """Add documents to the file (a scan at the counter, an expert's photo)."""
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.ATTACH, actor=actor)
    if not attachments:
        raise MissingInput(_("Choisissez un fichier."))
    _adopt(service_request, attachments)
    codes = {file.document_code for file in attachments if file.document_code}
    receive_pieces(service_request, now, codes=codes)
    record(
        service_request,
        Verb.ATTACH,
        actor=actor,
        now=now,
        data={"attachments": [file.pk for file in attachments]},
        quiet=True,
    )
    return service_request


def outgoing(service_request: ServiceRequest, actor, body: str, now: datetime) -> Message:
    """Keep what an agent says inside a letter of the town's own (a question, a reason).

    Raises:
        FieldLeft: a field waits to be filled in.
    """
    refuse_fields_left(body)
    return Message.objects.create(
        request=service_request,
        direction=MessageDirection.OUTBOUND,
        channel=reply_leaves_by(service_request),
        author=actor,
        body=body,
        at=now,
    )


def keep_note(
    service_request: ServiceRequest, actor, body: str, now: datetime
) -> InternalNote | None:
    """Keep an internal note; nothing when it is blank."""
    body = body.strip()
    if not body:
        return None
    return InternalNote.objects.create(request=service_request, author=actor, body=body, at=now)


def incoming(
    service_request: ServiceRequest, body: str, channel: str, now: datetime
) -> Message | None:
    """Keep what the requester wrote; nothing when they wrote nothing."""
    if not body.strip():
        return None
    return Message.objects.create(
        request=service_request,
        direction=MessageDirection.INBOUND,
        channel=channel,
        body=body.strip(),
        at=now,
    )


def _adopt(service_request: ServiceRequest, attachments: Sequence[Attachment]) -> None:
    Attachment.objects.filter(pk__in=[file.pk for file in attachments]).update(
        request=service_request, draft=None
    )


def _refuse_repeat(request_id: int, sending: str) -> None:
    """Refuse a sending that is here already. Its twin, sent at once, waits for the lock."""
    if not sending:
        return
    ServiceRequest.objects.select_for_update(no_key=True).only("pk").get(pk=request_id)
    if RequestEvent.objects.filter(request=request_id, data__sending=sending).exists():
        raise AlreadySent


def _mark(sending: str) -> dict[str, str]:
    return {"sending": sending} if sending else {}


def _check_room(service_request: ServiceRequest, attachments: Sequence, most: int) -> None:
    """Keep one request from filling the disk; its row is locked, so the count holds."""
    if attachments and service_request.attachments.filter(by_requester=True).count() > most:
        raise TooManyFiles
