"""Following a public report: one click to be counted, an address to be told."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from citizens.access import CitizenRequest, account_email, account_of, citizen_required
from citizens.void import Link, void_link
from massy_grc.common.throttle import Limit, client_address, spend
from massy_grc.users.limits import MAILS, too_many, visitor_mail_wait
from requests import actions
from requests.drafts import unfiled_draft
from requests.following import CONFIRM, STOP, read_link
from requests.forms.reports import FollowForm
from requests.models import ReportFollower, ServiceRequest
from requests.views.reports import FOLLOWED, ME_TOO, public_row, render_report

ME_TOO_MAXIMUM = 100
# Nobody shall flood a mailbox, nor inflate a count.
ADDRESS_LIMIT = Limit("follow-address", attempts=5, window=timedelta(hours=1))
VISITOR_LIMIT = Limit("follow-visitor", attempts=30, window=timedelta(hours=1))


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the news of a report; the answer never tells whether the address follows it.

    Whoever is signed in has proven their address: they follow at once.
    """
    row = public_row(pk)
    if account_email(request):
        return _follow_signed_in(request, row)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render_report(request, row, form, status=422)
    email, now = form.cleaned_data["email"].lower(), timezone.now()
    if wait := max(spend(ADDRESS_LIMIT, email, now), visitor_mail_wait(request)):
        return too_many(request, wait, MAILS)
    actions.follow_report(request_id=pk, email=email, counted=_counted(request, pk), now=now)
    messages.success(
        request,
        _("Un courriel est parti à cette adresse. Ouvrez-le pour confirmer votre suivi."),
    )
    return _back_to_report(request, pk)


def _follow_signed_in(request: HttpRequest, row: ServiceRequest) -> HttpResponse:
    if wait := spend(VISITOR_LIMIT, client_address(request), timezone.now()):
        return _too_many(request, row, FollowForm(), wait)
    account = account_of(request)
    if account is not None:
        counted = _counted(request, row.pk)
        actions.follow_signed_in(request_id=row.pk, account=account, counted=counted)
    return _back_to_report(request, row.pk)


@require_POST
@citizen_required
def unfollow(request: CitizenRequest, pk: int) -> HttpResponse:
    """« Ne plus suivre »: no more news of a report for an account; done twice, no error."""
    row = public_row(pk)
    actions.unfollow_signed_in(account=request.account, request_id=row.pk)
    messages.success(request, _("Vous ne suivez plus ce signalement."))
    return redirect("requests:report", pk=pk)


@require_POST
def me_too(request: HttpRequest, pk: int) -> HttpResponse:
    """« Me compter seulement »: one more person concerned, once a browser."""
    row = public_row(pk)
    counted = request.session.get(ME_TOO, [])
    if pk not in counted and pk not in request.session.get(FOLLOWED, []):
        if wait := spend(VISITOR_LIMIT, client_address(request), timezone.now()):
            return _too_many(request, row, FollowForm(), wait)
        actions.count_me_too(request_id=pk)
        request.session[ME_TOO] = [*counted, pk][-ME_TOO_MAXIMUM:]
    messages.success(
        request,
        _(
            "C’est noté : vous êtes compté parmi les personnes concernées. "
            "Inutile d’envoyer un autre signalement."
        ),
    )
    return _back_to_report(request, pk)


def _counted(request: HttpRequest, pk: int) -> bool:
    """Whether this browser was only counted for a report: from now on it follows it instead."""
    followed = request.session.get(FOLLOWED, [])
    request.session[FOLLOWED] = [*followed, pk][-ME_TOO_MAXIMUM:]
    return pk in request.session.get(ME_TOO, []) and pk not in followed


def _back_to_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report, which leads back to the form one came from: only its owner deletes it."""
    draft = unfiled_draft(request, request.POST.get("demande", ""))
    url = reverse("requests:report", args=[pk])
    return redirect(f"{url}?demande={draft.token}" if draft else url)


def _too_many(
    request: HttpRequest, row: ServiceRequest, form: FollowForm, seconds: int
) -> HttpResponse:
    messages.error(request, _("Trop d’essais. Recommencez dans une heure."))
    response = render_report(request, row, form, status=429)
    response["Retry-After"] = str(seconds)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """The page of the mailed link; its button confirms (mail scanners open links by themselves)."""
    follower = ReportFollower.objects.filter(pk=read_link(signed, CONFIRM) or 0).first()
    if follower is None:
        return void_link(request, Link.FOLLOW)
    if request.method == "POST":
        actions.confirm_follower(follower_id=follower.pk)
        messages.success(request, _("Votre suivi est confirmé. Nous vous écrirons à chaque étape."))
        return redirect("requests:report", pk=follower.request_id)
    context = {"report_id": follower.request_id, "stop": False}
    return render(request, "requests/report_link.html", context)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signature is the right
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """End the mails with one click, here or in the mail program; opened twice, says so again."""
    follower_id = read_link(signed, STOP)
    if follower_id is None:
        return void_link(request, Link.FOLLOW)
    if request.method == "POST":
        actions.unfollow(follower_id=follower_id)
    done = not ReportFollower.objects.filter(pk=follower_id).exists()
    return render(request, "requests/report_link.html", {"stop": True, "done": done})
