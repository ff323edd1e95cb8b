"""Signing up, and a forgotten password: both go through a mail.

No answer tells whether an address has an account: the pages do the same work for all and say
the same to all; what is true of an address is written to that address only (R18).
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from citizens.actions import ask_for_mail, open_account, sign_up_request
from citizens.enums import MailPurpose
from citizens.exceptions import VoidLink
from citizens.forms import OpenAccountForm, SignUpForm, posted
from citizens.links import read_sign_up
from citizens.void import Link, void_link
from massy_grc.users.forms import AskPasswordForm
from massy_grc.users.limits import MAILS, mail_wait, too_many

SENT_TO = "mail_sent_to"  # in the session
INVITED = "invited_address"  # in the session: whom a mailed invitation was for


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for the mail that opens an account."""
    if request.user.is_authenticated:
        return redirect("citizens:account")
    invited = request.session.get(INVITED, "")
    form = SignUpForm(posted(request), initial={"email": invited})
    context = {"form": form, "next": _going_to(request)}
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        return _ask(request, MailPurpose.SIGN_UP, email, "citizens:sign_up_sent")
    return render(request, "citizens/sign_up.html", context)


@require_safe
def sign_up_sent(request: HttpRequest) -> HttpResponse:
    """The mail is on its way; the same page for everybody."""
    return render(request, "citizens/sign_up_sent.html", _sent_to(request))


@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for the mail that lets choose a new password: citizens and agents alike."""
    form = AskPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        return _ask(request, MailPurpose.PASSWORD, email, "account_reset_password_done")
    context = {"form": form, "next": _going_to(request)}
    return render(request, "account/password_reset.html", context)


@require_safe
def password_reset_done(request: HttpRequest) -> HttpResponse:
    """The same page whoever owns the address."""
    return render(request, "account/password_reset_done.html", _sent_to(request))


def _ask(request: HttpRequest, purpose: MailPurpose, email: str, then: str) -> HttpResponse:
    if wait := mail_wait(request, email):
        return too_many(request, wait, MAILS)
    ask_for_mail(
        purpose=purpose,
        email=email,
        language=get_language() or "fr",
        next_url=_going_to(request),
        now=timezone.now(),
    )
    request.session[SENT_TO] = email
    return redirect(then)


def _sent_to(request: HttpRequest) -> dict[str, str]:
    """The address as this browser gave it, so that a slip of the finger is seen."""
    return {"email": request.session.get(SENT_TO, "")}


def _going_to(request: HttpRequest) -> str:
    """The page of this site from which the person came; blank for any other address."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and get_adapter().is_safe_url(wanted) else ""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_finish(request: HttpRequest, signed: str) -> HttpResponse:
    """Give name and password; the address is proven by the link."""
    try:
        row = sign_up_request(read_sign_up(signed))
        form = OpenAccountForm(posted(request), email=row.email)
        if request.method == "POST" and form.is_valid():
            names = ("family_name", "given_name", "birth_date", "password")
            account = open_account(
                mail_request_id=row.pk, **{name: form.cleaned_data[name] for name in names}
            )
            messages.success(request, _("Votre compte est ouvert."))
            going_to = row.next_url or reverse("citizens:account")
            return perform_login(request, Login(user=account.user, redirect_url=going_to))
    except VoidLink:
        return void_link(request, Link.SIGN_UP)
    context = {"form": form, "email": row.email}
    return render(request, "citizens/sign_up_finish.html", context)
