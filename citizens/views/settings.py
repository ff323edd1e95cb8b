"""What an owner does with their account: its address, its devices, its end."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens import actions
from citizens.access import CitizenRequest, citizen_required
from citizens.enums import ChangeEnd
from citizens.exceptions import VoidLink
from citizens.forms import CloseForm, EmailChangeForm, posted
from citizens.links import CHANGE_VALIDITY, read_change
from citizens.middleware import DEVICE_KEY
from citizens.models import EmailChange
from citizens.void import Link, void_link
from massy_grc.users.limits import MAILS, mail_wait, too_many


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@reauthentication_required(allow_get=False, app="citizens")
def email_change(request: CitizenRequest) -> HttpResponse:
    """Ask for another address; both ends are written to. One that waits is shown, and undone."""
    now = timezone.now()
    pending = actions.pending_change(request.account, now)
    if "cancel" in request.POST:
        return _cancel_change(request, pending)
    form = EmailChangeForm(posted(request), current=request.user.email or "")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if wait := mail_wait(request, email):
            return too_many(request, wait, MAILS)
        actions.ask_email_change(
            account_id=request.account.pk,
            new_email=email,
            language=get_language() or "fr",
            now=now,
        )
        return render(request, "citizens/email_change_sent.html", {"email": email})
    if request.method != "POST":
        form.initial["email"] = request.session.get("proposed_email", "")
    context = {
        "form": form,
        "pending": pending,
        "until": pending and pending.created_at + CHANGE_VALIDITY,
    }
    return render(request, "citizens/email_change.html", context)


def _cancel_change(request: CitizenRequest, pending: EmailChange | None) -> HttpResponse:
    """Undo a change that waits; one confirmed, cancelled or over meanwhile is said to be."""
    try:
        if pending is None:
            raise VoidLink
        actions.cancel_email_change(change_id=pending.pk, now=timezone.now())
    except VoidLink:
        messages.info(request, _("Il n’y a plus de changement en attente."))
    else:
        messages.success(request, _("Le changement d’adresse est annulé."))
    return redirect("citizens:email_change")


@require_http_methods(["GET", "HEAD", "POST"])
def email_answer(request: HttpRequest, signed: str) -> HttpResponse:
    """One end of a change of address confirms or refuses; opening the link does nothing yet."""
    found = read_change(signed)
    change = actions.change_of_link(found[0]) if found else None
    if change is None or found is None:
        return void_link(request, Link.CHANGE)
    end = found[1]
    context = {"change": change, "is_old_end": end == ChangeEnd.OLD}
    if change.ended_at and not change.took_effect:
        return void_link(request, Link.ENDED_CHANGE)
    if change.ended_at:
        return render(request, "citizens/email_confirmed.html", context | {"again": True})
    context["again"] = getattr(change, f"{end}_confirmed_at")
    if request.method != "POST":
        return render(request, "citizens/email_answer.html", context)
    now = timezone.now()
    try:
        if "cancel" in request.POST:
            actions.cancel_email_change(change_id=change.pk, now=now)
            return render(request, "citizens/email_cancelled.html", context)
        context["change"] = actions.confirm_email_change(change_id=change.pk, end=end, now=now)
    except VoidLink:
        return void_link(request, Link.CHANGE)
    return render(request, "citizens/email_confirmed.html", context | {"again": False})


@require_safe
@citizen_required
def devices(request: CitizenRequest) -> HttpResponse:
    """The browsers signed in to this account."""
    rows = list(request.user.devices.order_by("-last_seen_at", "-id"))
    context = {"devices": rows, "current": request.session.get(DEVICE_KEY)}
    return render(request, "citizens/devices.html", context)


@require_POST
@citizen_required
def device_end(request: CitizenRequest, device_id: int) -> HttpResponse:
    """Sign one browser out; one of somebody else does not exist."""
    if not actions.end_device(user=request.user, device_id=device_id):
        raise Http404
    messages.success(request, _("Cet appareil est déconnecté."))
    return redirect("citizens:devices")


@require_POST
@citizen_required
def devices_end(request: CitizenRequest) -> HttpResponse:
    """Sign every other browser out."""
    actions.end_devices(user=request.user, but=request.session.get(DEVICE_KEY))
    messages.success(request, _("Tous vos autres appareils sont déconnectés."))
    return redirect("citizens:devices")


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@reauthentication_required(allow_get=False, app="citizens")
def close(request: CitizenRequest) -> HttpResponse:
    """Close the account, after saying what becomes of the requests."""
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.close_account(
            account_id=request.account.pk, language=get_language() or "fr", now=timezone.now()
        )
        get_adapter().logout(request)
        return redirect("citizens:closed")
    context = {"form": form, "departures": actions.departures(request.account)}
    return render(request, "citizens/close.html", context)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The account is closed, and what remains possible."""
    return render(request, "citizens/closed.html")
