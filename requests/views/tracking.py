"""Following a request without an account: look-up, mailed link, the page and its documents."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.access import account_of, session_over
from massy_grc.common.throttle import client_address, spend
from massy_grc.users.limits import visitor_mail_wait
from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.forms.questions_form import QuestionsForm
from prestations.presentation import present
from requests import actions, tracking
from requests.drafts import forget_filed
from requests.enums import FINAL_STATES, State
from requests.forms.tracking import LookupForm, MessageForm, PiecesForm, RatingForm, SendLinkForm
from requests.given import given_answers
from requests.letters.owed import in_words, owed_labels
from requests.models import Document, Message, PieceRequest, ServiceRequest
from requests.refusal import refusal_of
from requests.space import unread_in
from requests.telling import telling
from requests.tracking_page import reopen_until, standing
from requests.uploads import download

# --- finding it -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for the reference and the address or code; the same answer whatever is wrong."""
    given = {"reference": request.GET.get("reference", "")[:40]}
    form = LookupForm(request.POST or None, initial=given)
    if not form.is_valid():
        return render(request, "requests/tracking_lookup.html", {"form": form})
    try:
        found = tracking.find_tracked(request, **form.cleaned_data, now=timezone.now())
    except tracking.TooManyAttempts as refusal:
        return wait_page(request, refusal.seconds)
    if found is None:
        return render(
            request,
            "requests/tracking_lookup.html",
            {"form": form, "no_match": True, "has_errors": True},
        )
    tracking.open_in_session(request, found)
    return redirect("requests:track", found.reference)


@require_safe
def link(request: HttpRequest, signed: str) -> HttpResponse:
    """Open a request by its mailed link: it only gives a right to read, so a GET may do it."""
    found = tracking.request_of_link(signed)
    if found is None:
        context = {"erased": tracking.is_erased_behind(signed)}
        return render(request, "requests/tracking_link_expired.html", context, status=410)
    if found.organisation_account_id is None:
        tracking.open_in_session(request, found)
    elif account_of(request) is None:  # for the members alone
        return redirect_to_login(reverse("requests:track", args=[found.reference]))
    return redirect("requests:track", found.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
def send_link(request: HttpRequest) -> HttpResponse:
    """Mail a new link when the pair matches; say the same in any case."""
    form = SendLinkForm(request.POST or None)
    if not form.is_valid():
        return render(request, "requests/tracking_send_link.html", {"form": form})
    now = timezone.now()
    wait = max(spend(tracking.MAIL_LIMIT, client_address(request), now), visitor_mail_wait(request))
    try:
        if wait:
            raise tracking.TooManyAttempts(wait)
        found = tracking.find_tracked(request, **form.cleaned_data, now=now)
    except tracking.TooManyAttempts as refusal:
        return wait_page(request, refusal.seconds)
    if found and found.requester_email:
        tracking.send_tracking_link(found, now)
    return render(request, "requests/tracking_link_sent.html")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """« Quitter »: this browser forgets the requests it could read."""
    tracking.close_in_session(request)
    forget_filed(request)
    messages.success(request, _("Vous avez quitté le suivi. Cet appareil n’y a plus accès."))
    return redirect("home")


def wait_page(request: HttpRequest, seconds: int) -> HttpResponse:
    """Too many attempts: say when to come back."""
    minutes = -(-seconds // 60)
    response = render(request, "requests/tracking_wait.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def own_request(request: HttpRequest, reference: str) -> ServiceRequest:
    """Return the request this session may read, as its requester was told it: never to be saved.

    Raises:
        Http404: for any other, known or not: the answers are the same.
    """
    found = tracking.tracked_request(request, reference)
    if found is None:
        raise Http404
    (told,) = actions.as_told([found], timezone.now())
    return told


def gives_back(view: Callable) -> Callable:
    """Give back what was written when the session that might read the request has ended."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            reads_others = request.user.is_authenticated or tracking.SESSION_KEY in request.session
            if request.method == "POST" and not reads_others:
                return session_over(request)
            raise

    return guarded


# --- the page ----------------------------------------------------------------------------------


@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the request stands, what was said, and what the requester can do now."""
    return render_page(request, own_request(request, reference))


def render_page(request: HttpRequest, service_request: ServiceRequest, status=200, **forms):
    now = timezone.now()
    owed = owed_pieces(service_request, now)
    pieces = missing_pieces(service_request, now)
    is_open = service_request.state not in FINAL_STATES
    stands = standing(service_request, owed, now)
    about = present(service_request.prestation)
    context = {
        "service_request": service_request,
        "standing": stands,
        "telling": telling(service_request),
        **given_answers(service_request, stands.corrected),
        "thread": _thread(request, service_request, now),
        "is_own": tracking.is_own(request, service_request),
        "attachments": service_request.attachments.filter(by_requester=True),
        "documents": service_request.documents.order_by("-created_at", "-pk"),
        "pieces": pieces,
        "call_promised": service_request.call_backs.filter(done_at=None, ends_at__gte=now).first(),
        "owed_answers": in_words(service_request, [piece for piece in owed if piece.is_answer]),
        "answers_form": forms.get("answers_form") or answers_form_of(service_request, now),
        "pieces_form": forms.get("pieces_form") or (PiecesForm(pieces=pieces) if pieces else None),
        "message_form": forms.get("message_form") or message_form_of(service_request),
        "rating_form": forms.get("rating_form")
        or (rating_form_of(service_request) if actions.may_rate(service_request, now) else None),
        "usual_delay": about.usual_delay,
        "is_open": is_open,
        "awaits_answer": service_request.state == State.ATTENTE_DEMANDEUR,
        "reopen_until": _reopen_until(service_request, now),
        "refused_on": actions.silent_refusal(service_request, now),
        "may_ask_reasons": actions.may_ask_reasons(service_request, now),
        "remedies": about.appeal,
        "has_errors": bool(forms),
        "sending": uuid4(),
    }
    return render(request, "requests/tracking_detail.html", context, status=status)


def _thread(request: HttpRequest, service_request: ServiceRequest, now: datetime) -> list[Message]:
    """The conversation; its owner has read it by that."""
    thread = list(service_request.messages.told(now).order_by("at", "pk"))
    account = account_of(request)
    if account and tracking.is_own(request, service_request) and unread_in(service_request, thread):
        actions.mark_read(request_id=service_request.pk, account=account, now=now)
    return thread


def _reopen_until(service_request: ServiceRequest, now: datetime) -> date | None:
    closed_at = service_request.closed_at
    return (
        reopen_until(closed_at) if closed_at and actions.may_reopen(service_request, now) else None
    )


def answers_form_of(
    service_request: ServiceRequest, now: datetime, data=None
) -> QuestionsForm | None:
    """The questions of the form still owed; None without any, or when one is asked no more."""
    owed = [one.document_code for one in owed_pieces(service_request, now) if one.is_answer]
    if not owed:
        return None
    questionnaire = Questionnaire(service_request.form_version, Channel.WEB)
    form = questionnaire.owed_form(owed, data, answers=service_request.answers)
    labels = owed_labels(service_request)
    for key, field in form.fields.items():
        field.label = labels[key]
    return form if form.fields.keys() >= set(owed) else None


def message_form_of(service_request: ServiceRequest, data=None, files=None) -> MessageForm:
    awaited = service_request.state == State.ATTENTE_DEMANDEUR
    label = _("Votre réponse à notre question") if awaited else _("Votre message")
    return MessageForm(data, files, label=label)


def rating_form_of(service_request: ServiceRequest, data=None) -> RatingForm:
    """The question after a closing; a refusal is not asked whether it is settled."""
    return RatingForm(
        data,
        ask_solved=refusal_of(service_request) is None,
        reopens=actions.may_reopen(service_request, timezone.now()),
        prefix="avis",
    )


def missing_pieces(service_request: ServiceRequest, now: datetime) -> list[PieceRequest]:
    """The documents still to be sent, each as files; an answer of the form is written instead."""
    return [piece for piece in owed_pieces(service_request, now) if not piece.is_answer]


def owed_pieces(service_request: ServiceRequest, now: datetime) -> list[PieceRequest]:
    """The documents and the answers of the form that are still awaited."""
    if not service_request.is_open:
        return []
    return list(service_request.pieces.told(now).filter(received_at=None))


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """A document the town made about the request, always saved, never shown in our pages."""
    service_request = own_request(request, reference)
    return download(get_object_or_404(Document, pk=pk, request=service_request))
