"""The doors of FranceConnect: going there, coming back, signing out at both ends."""

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens import actions
from citizens.access import CitizenRequest, account_of, citizen_required
from citizens.exceptions import AccountError
from citizens.forms import TermsForm, posted
from citizens.franceconnect import flow
from citizens.franceconnect.provider import FranceConnectError, is_configured
from citizens.models import CitizenAccount
from massy_grc.users.adapter import STARTED_KEY
from massy_grc.users.models import User

logger = structlog.get_logger(__name__)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go to FranceConnect: to sign in, to prove oneself again, or to add it to one's account."""
    _check_configured()
    if isinstance(request.user, User) and not request.user.is_citizen:
        raise Http404
    wanted = request.GET.get("next", "")
    next_url = wanted if wanted and get_adapter().is_safe_url(wanted) else ""
    try:
        return redirect(flow.begin(request, next_url))
    except FranceConnectError as error:
        return _refused(request, error)


@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Come back: the account of this identity opens; a newcomer reads the terms first."""
    _check_configured()
    try:
        arrived = flow.finish(request)
    except FranceConnectError as error:
        return _refused(request, error)
    account = account_of(request)
    if account is not None:
        return _add(request, account.pk, arrived)
    account = actions.account_of_identity(
        issuer=settings.FRANCECONNECT["issuer"], subject=arrived.subject, now=timezone.now()
    )
    if account is None:
        flow.hold(request, arrived)
        return redirect("citizens:fc_newcomer")
    return _sign_in(request, account, arrived)


@require_http_methods(["GET", "HEAD", "POST"])
def newcomer(request: HttpRequest) -> HttpResponse:
    """What FranceConnect gave, and the terms: the account is made when they are accepted."""
    _check_configured()
    if account_of(request) is not None:
        return redirect("citizens:account")
    arrived = flow.held(request)
    if arrived is None:
        messages.error(request, _("Le délai est passé : aucun compte n’a été créé. Recommencez."))
        return redirect("account_login")
    form = TermsForm(posted(request))
    if not form.is_valid():
        page = {"form": form, "pivot": arrived.pivot}
        return render(request, "citizens/franceconnect_newcomer.html", page)
    account = actions.open_account_of_identity(
        issuer=settings.FRANCECONNECT["issuer"],
        subject=arrived.subject,
        pivot=arrived.pivot,
        language=get_language() or "fr",
        now=timezone.now(),
    )
    flow.release(request)
    messages.success(request, _("Votre compte est ouvert. Ajoutez votre adresse électronique."))
    if arrived.pivot.email:
        request.session["proposed_email"] = arrived.pivot.email
    return _sign_in(request, account, arrived)


@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """Make no account, keep nothing of the identity, and sign out at FranceConnect too."""
    _check_configured()
    flow.release(request)
    leave = flow.logout_address(request)
    flow.forget(request)
    messages.info(request, _("Aucun compte n’a été créé. Nous n’avons rien gardé."))
    return redirect(leave or "home")


def _sign_in(request: HttpRequest, account: CitizenAccount, arrived: flow.Arrived) -> HttpResponse:
    flow.remember(request, arrived)
    record_authentication(request, account.user, method="franceconnect")
    next_url = arrived.next_url or reverse("citizens:account")
    return perform_login(request, Login(user=account.user, redirect_url=next_url))


def _add(request: HttpRequest, account_id: int, arrived: flow.Arrived) -> HttpResponse:
    """Whoever is signed in proves to be the person of this identity."""
    try:
        actions.link_identity(
            account_id=account_id,
            issuer=settings.FRANCECONNECT["issuer"],
            subject=arrived.subject,
            pivot=arrived.pivot,
            now=timezone.now(),
        )
    except AccountError as refusal:
        messages.error(request, str(refusal))
        return redirect("citizens:account")
    flow.remember(request, arrived)
    record_authentication(request, request.user, method="franceconnect", reauthenticated=True)
    request.session[STARTED_KEY] = timezone.now().timestamp()
    return redirect(arrived.next_url or "citizens:account")


@require_POST
@citizen_required
def unlink(request: CitizenRequest) -> HttpResponse:
    """Take FranceConnect off one's account."""
    try:
        actions.unlink_identity(account_id=request.account.pk)
        messages.success(request, _("FranceConnect n’ouvre plus ce compte."))
    except AccountError as refusal:
        messages.error(request, str(refusal))
    return redirect("citizens:account")


@require_safe
def logged_out(request: HttpRequest) -> HttpResponse:
    """Back from FranceConnect after signing out there too."""
    messages.success(request, _("Vous êtes déconnecté, ici et de FranceConnect."))
    return redirect("home")


def _check_configured() -> None:
    if not is_configured():
        raise Http404


def _refused(request: HttpRequest, error: FranceConnectError) -> HttpResponse:
    """Say that it did not work and show the other way in; the reason is for the logs."""
    logger.warning("franceconnect_refused", reason=str(error)[:200])
    messages.error(
        request,
        _("FranceConnect n’a pas abouti. Recommencez, ou connectez-vous autrement."),
    )
    if account_of(request) is not None:
        return redirect("citizens:account")
    return redirect("account_login")
