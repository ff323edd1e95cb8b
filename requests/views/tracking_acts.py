"""What the requester does from the tracking page: write, send pieces, withdraw, reopen."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from massy_grc.common.throttle import client_address, spend
from requests import actions, tracking
from requests.enums import FINAL_STATES, Verb
from requests.exceptions import AlreadySent, RequestError
from requests.forms.tracking import PiecesForm, ReopenForm
from requests.models import Attachment, ServiceRequest
from requests.refusal import coming_back, refusal_of
from requests.uploads import UploadRefused, new_attachment
from requests.views.tracking import (
    answers_form_of,
    gives_back,
    message_form_of,
    missing_pieces,
    own_request,
    render_page,
)
from requests.views.upload_limit import count_upload


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a message, which answers a question when one is open."""
    service_request = own_request(request, reference)
    if request.method != "POST":
        return redirect("requests:track", service_request.reference)
    form = message_form_of(service_request, request.POST, request.FILES)
    if not form.is_valid():
        return render_page(request, service_request, message_form=form)
    upload = form.cleaned_data["file"]
    try:
        _count_sending(request, service_request, [upload] if upload else [])
    except (tracking.TooManyAttempts, UploadRefused) as refusal:
        return _too_many(request, service_request, refusal, message_form=form)
    files = [new_attachment(upload, request=service_request)] if upload else []
    body = form.cleaned_data["body"]
    sending = _sending(request, body, files)
    return _do(
        request,
        service_request,
        _("Votre message est envoyé."),
        lambda: actions.receive_message(
            request_id=service_request.pk, body=body, attachments=files, sending=sending
        ),
        files,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def send_pieces(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the documents asked for; the clock starts again once all have come."""
    service_request = own_request(request, reference)
    if request.method != "POST":
        return redirect("requests:track", service_request.reference)
    pieces = missing_pieces(service_request, timezone.now())
    if not pieces:
        messages.info(request, _("Nous n’attendons plus de pièce pour cette demande."))
        return redirect("requests:track", service_request.reference)
    form = PiecesForm(request.POST, request.FILES, pieces=pieces)
    if not form.is_valid():
        return render_page(request, service_request, pieces_form=form)

    received = form.files_by_piece()
    uploads = [upload for _piece, sent in received for upload in sent]
    try:
        _count_sending(request, service_request, uploads)
    except (tracking.TooManyAttempts, UploadRefused) as refusal:
        return _too_many(request, service_request, refusal, pieces_form=form)
    files = [
        new_attachment(
            upload, request=service_request, document_code=piece.document_code, label=piece.label
        )
        for piece, sent in received
        for upload in sent
    ]
    came = {piece.pk for piece, _sent in received}
    sending = _sending(request, "", files)
    for refused in form.refusals():
        messages.warning(request, refused)
    return _do(
        request,
        service_request,
        _pieces_received(len(pieces) - len(came)),
        lambda: actions.supply(
            request_id=service_request.pk,
            attachments=files,
            received_pieces=list(came),
            sending=sending,
        ),
        files,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer what the form was recorded without."""
    service_request = own_request(request, reference)
    if request.method != "POST":
        return redirect("requests:track", service_request.reference)
    form = answers_form_of(service_request, timezone.now(), request.POST)
    if form is None:
        messages.info(request, _("Nous n’attendons plus de réponse pour cette demande."))
        return redirect("requests:track", service_request.reference)
    if not form.is_valid():
        return render_page(request, service_request, answers_form=form)
    try:
        _count_sending(request, service_request, [])
    except tracking.TooManyAttempts as refusal:
        return _too_many(request, service_request, refusal, answers_form=form)
    act = partial(actions.answer_owed, request_id=service_request.pk, given=form.flat_answers())
    return _do(request, service_request, _("Vos réponses sont bien reçues."), act)


def _pieces_received(missing: int) -> str:
    if not missing:
        return _("Vos pièces sont bien reçues.")
    return ngettext(
        "C’est bien reçu. Il manque encore une pièce.",
        "C’est bien reçu. Il manque encore %(count)d pièces.",
        missing,
    ) % {"count": missing}


def _count_sending(
    request: HttpRequest, service_request: ServiceRequest, uploads: Sequence[UploadedFile]
) -> None:
    """Count what is being sent, by request and by visitor.

    Raises:
        TooManyAttempts: too many messages within the hour.
        UploadRefused: too many files within the hour.
    """
    now = timezone.now()
    wait = max(
        spend(tracking.SENDING_LIMIT, str(service_request.pk), now),
        spend(tracking.VISITOR_SENDING_LIMIT, client_address(request), now),
    )
    if wait:
        raise tracking.TooManyAttempts(wait)
    for _upload in uploads:
        count_upload(request)


def _too_many(request: HttpRequest, service_request: ServiceRequest, refusal: Exception, **forms):
    """The page again, with what was typed and how long to wait."""
    (form,) = forms.values()
    if isinstance(refusal, tracking.TooManyAttempts):
        minutes = -(-refusal.seconds // 60)
        text = ngettext(
            "Vous avez beaucoup écrit en peu de temps. Votre texte est gardé : envoyez-le dans "
            "une minute.",
            "Vous avez beaucoup écrit en peu de temps. Votre texte est gardé : envoyez-le dans "
            "%(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    else:
        text = str(refusal)
    form.add_error(next(iter(form.fields)), text)
    return render_page(request, service_request, status=429, **forms)


def _sending(request: HttpRequest, body: str, files: Sequence[Attachment]) -> str:
    """The name of this sending: the same for the same words and files of one shown form."""
    token = request.POST.get("envoi", "")
    if not token:
        return ""
    whole = "\n".join([token, body, *(file.sha256 for file in files)])
    return hashlib.sha256(whole.encode()).hexdigest()


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the request up, after a page that says what it means."""
    service_request = own_request(request, reference)
    if service_request.state in FINAL_STATES:
        messages.info(request, _("Cette demande est déjà terminée."))
        return redirect("requests:track", service_request.reference)
    if request.method != "POST":
        context = {"service_request": service_request}
        return render(request, "requests/tracking_withdraw.html", context)
    if _must_wait(request, service_request):
        return redirect("requests:track", service_request.reference)
    return _do(
        request,
        service_request,
        _("Votre demande est annulée."),
        lambda: actions.withdraw_request(request_id=service_request.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def ask_reasons(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why silence refused; the page itself says what it means."""
    service_request = own_request(request, reference)
    if request.method != "POST" or service_request.reasons_due_at:
        return redirect("requests:track", service_request.reference)
    return _do(
        request,
        service_request,
        _("C’est demandé. La mairie vous envoie les motifs dans le mois."),
        lambda: actions.ask_reasons(request_id=service_request.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the problem is not settled, or contest, within fifteen days of the closing."""
    service_request = own_request(request, reference)
    if service_request.state not in FINAL_STATES:
        reopened = service_request.events.filter(verb=Verb.REOPEN).exists()
        messages.info(
            request,
            _("Cette demande est de nouveau ouverte : nous la traitons.")
            if reopened
            else _("Cette demande n’est pas terminée : nous la traitons."),
        )
        return redirect("requests:track", service_request.reference)
    if not actions.may_reopen(service_request, timezone.now()):
        messages.info(
            request,
            _("Cette demande ne peut plus être rouverte. Vous pouvez en déposer une nouvelle."),
        )
        return redirect("requests:track", service_request.reference)
    form = ReopenForm(request.POST or None)
    if not form.is_valid() or _must_wait(request, service_request):
        context = {
            "service_request": service_request,
            "form": form,
            "title": coming_back(service_request, refusal_of(service_request)),
        }
        return render(request, "requests/tracking_reopen.html", context)
    return _do(
        request,
        service_request,
        _("Votre demande est rouverte. Nous la reprenons."),
        lambda: actions.reopen_request(
            request_id=service_request.pk, by_requester=True, **form.cleaned_data
        ),
    )


def _must_wait(request: HttpRequest, service_request: ServiceRequest) -> bool:
    """Say to try again when something is about to be told that would change their mind."""
    if not service_request.sendings.leaving(timezone.now()).exists():
        return False
    messages.info(
        request,
        _(
            "Un instant : la mairie met votre demande à jour. Rien n’a changé, réessayez dans "
            "quelques secondes."
        ),
    )
    return True


def _do(
    request: HttpRequest,
    service_request: ServiceRequest,
    done: str,
    act: Callable[[], object],
    files: Sequence[Attachment] = (),
) -> HttpResponse:
    """Save the files, run a verb, and come back to the page with its result in words."""
    try:
        with transaction.atomic(durable=True):
            Attachment.objects.bulk_create(files)
            act()
    except RequestError as refusal:
        for one in files:  # nothing refused stays on the disk
            one.file.delete(save=False)
        if isinstance(refusal, AlreadySent):
            messages.success(request, done)
        else:
            messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("requests:track", service_request.reference)
