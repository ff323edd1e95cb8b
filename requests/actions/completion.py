"""Verbs that fill in a request's form after its filing: what was unsorted, or incomplete."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.enums import RequesterKind
from prestations.forms import Questionnaire
from prestations.forms.eligibility import CONDITIONS
from prestations.models import Town
from requests.actions.clocks import receive_pieces, stop_legal_clock
from requests.actions.core import open_request, record, refresh_search, working_state
from requests.actions.exchange import ask_owed
from requests.actions.filled import FilledForm, ask_missing
from requests.actions.intake import is_outside, requester_columns, who_asks
from requests.corrections import FIRST
from requests.enums import State, Verb
from requests.exceptions import MissingInput
from requests.models import Attachment, InternalNote, ServiceRequest
from requests.requester import Requester, read_requester
from requests.spots import spot_columns
from requests.subjects import MESSAGE, first_words


@transaction.atomic
def complete_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    form: FilledForm,
    now: datetime | None = None,
) -> ServiceRequest:
    """Put the answers that were missing into a request's form.

    What is no longer owed counts as received: the clocks start again with the last of it.

    Args:
        form: the whole form, with what is still missing.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.COMPLETE, actor=actor, version=version
    )
    data = fill_in(service_request, form, actor, now)
    waits = service_request.state == State.ATTENTE_PIECES
    record(
        service_request,
        Verb.COMPLETE,
        actor=actor,
        to=once_whole(service_request),
        now=now,
        data=data,
    )
    if not waits:
        ask_owed(service_request, actor, now)
    refresh_search(service_request)
    return service_request


def fill_in(service_request: ServiceRequest, form: FilledForm, actor, now: datetime) -> dict:
    """Write a checked form into the locked request; the caller saves and records it.

    Returns:
        What the event says of it: codes only.
    """
    if service_request.form_version_id != form.version.pk:
        _keep_first_answers(service_request, actor)
    put_answers(service_request, form)
    service_request.papers = list(form.papers)
    if form.place:
        put_place(service_request, form)
    _name_requester(service_request, form)
    Attachment.objects.filter(pk__in=[file.pk for file in form.attachments]).update(
        request=service_request, draft=None
    )
    _settle_missing(service_request, form, now)
    return {
        "form_version": form.version.pk,
        "missing_documents": list(form.missing_documents),
        "missing_answers": list(form.missing_answers),
        "papers": list(form.papers),
    }


def put_answers(service_request: ServiceRequest, form: FilledForm) -> None:
    """Give the request a form's answers; what stands beside the form stays."""
    beside = {
        CONDITIONS: service_request.answers.get(CONDITIONS),
        MESSAGE: first_words(service_request),
    }
    if service_request.form_version_id == form.version.pk:
        beside[FIRST] = service_request.answers.get(FIRST)
    service_request.form_version = form.version
    service_request.answers = form.answers | {name: kept for name, kept in beside.items() if kept}


def put_place(service_request: ServiceRequest, form: FilledForm) -> None:
    """Put the request where its answers say that it is."""
    service_request.place = form.place[:300]
    service_request.outside_town = is_outside(form.place, Town.objects.first())
    for name, value in spot_columns(form.version, form.answers).items():
        setattr(service_request, name, value)


def once_whole(service_request: ServiceRequest) -> State | None:
    """Where work goes on when what was awaited is all there; None while something is missing."""
    waits = service_request.state == State.ATTENTE_PIECES
    owes = waits and service_request.pieces.filter(received_at=None).exists()
    return working_state(service_request) if waits and not owes else None


def _keep_first_answers(service_request: ServiceRequest, actor) -> None:
    """What another form said stays on the file as a note: the new one has other questions.

    A message that came without form stands beside the answers themselves (`MESSAGE`).
    """
    version = service_request.form_version
    if version.prestation.is_unsorted:
        return
    form = Questionnaire(version, service_request.channel)
    rows = [
        f"{row.label} : {row.value}"
        for section in form.summary(service_request.answers)
        if section.step.kind != "requester"
        for row in section.rows
        if row.value
    ]
    author = service_request.created_by or actor
    if rows and author is not None:
        head = _("Reçu d’abord comme « %(name)s » :") % {"name": version.prestation.label}
        InternalNote.objects.create(
            request=service_request,
            author=author,
            body="\n".join([head, *rows]),
            at=service_request.filed_at,
        )


def _name_requester(service_request: ServiceRequest, form: FilledForm) -> None:
    """Whoever the form names is the requester from now on.

    Raises:
        MissingInput: the prestation wants to know who asks.
    """
    requester = read_requester(form.version.definition, form.answers.get("demandeur", {}))
    if service_request.citizen is not None and not requester.name:
        requester = Requester.of_citizen(service_request.citizen)
    anonymous = requester.kind == RequesterKind.ANONYME
    if anonymous and not form.version.prestation.anonymous_allowed:
        raise MissingInput(_("Cette prestation demande de connaître le demandeur."))
    town = Town.objects.first()
    service_request.citizen, service_request.organisation = who_asks(
        requester,
        service_request.citizen,
        service_request.organisation,
        service_request.language,
        town,
    )
    for name, value in requester_columns(requester, service_request.citizen, town).items():
        setattr(service_request, name, value)


def _settle_missing(service_request: ServiceRequest, form: FilledForm, now: datetime) -> None:
    """Receive what the form now holds; ask for what it lacks."""
    owed = receive_held(service_request, form, now)
    new = [code for code in form.missing if code not in owed]
    if new:
        since = service_request.legal_paused_at or (
            now if service_request.completed_at else service_request.arrived_at
        )
        ask_missing(service_request, new, since, now)
        stop_legal_clock(service_request, since)


def receive_held(service_request: ServiceRequest, form: FilledForm, now: datetime) -> set[str]:
    """Receive what was owed and the form now holds; returns what was owed, codes and keys."""
    owed = set(
        service_request.pieces.filter(received_at=None, asked_by=None).values_list(
            "document_code", flat=True
        )
    )
    receive_pieces(service_request, now, codes=owed - set(form.missing))
    return owed
