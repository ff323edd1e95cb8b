"""Newsletters for the public: ask, confirm by the mailed link, leave with one click.

No page tells whether an address is on a list.
"""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens import actions
from citizens.access import CitizenRequest, citizen_required
from citizens.consents import current_text
from citizens.enums import ConsentKind, ConsentSource
from citizens.forms import NewslettersForm, SubscribeForm, posted
from citizens.links import read_subscription, read_unsubscribe
from citizens.models import Newsletter, Subscription
from citizens.void import Link, void_link
from massy_grc.common.throttle import Limit, spend
from massy_grc.users.limits import MAILS, too_many, visitor_mail_wait

# Nobody shall flood a mailbox, whoever asks.
ADDRESS_LIMIT = Limit("newsletter-address", attempts=5, window=timedelta(hours=1))


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Choose newsletters and give an address; what follows is in its mailbox."""
    offered = Newsletter.objects.filter(is_active=True)
    form = SubscribeForm(posted(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        if wait := _wait(request, form.cleaned_data["email"]):
            return too_many(request, wait, MAILS)
        actions.ask_subscription(
            email=form.cleaned_data["email"],
            newsletters=form.cleaned_data["newsletters"],
            language=get_language() or "fr",
            now=timezone.now(),
        )
        return redirect("citizens:newsletter_asked")
    context = {"form": form, "offered": offered, "consent": _consent()}
    return render(request, "citizens/newsletters.html", context)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The same page for every address."""
    return render(request, "citizens/newsletter_asked.html")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """The page of the mailed link; its button confirms (mail scanners open links by themselves).

    Opened again, it says that nothing is left to confirm.
    """
    ids = read_subscription(signed)
    rows = Subscription.objects.filter(pk__in=ids).select_related("newsletter")
    if not rows:
        return void_link(request, Link.NEWSLETTER)
    done = request.method == "POST"
    if done:
        actions.confirm_subscriptions(subscription_ids=ids, now=timezone.now())
    already = not done and all(row.confirmed_at for row in rows)
    context = {"rows": rows, "done": done, "already": already, "consent": _consent()}
    return render(request, "citizens/newsletter_confirm.html", context)


@csrf_exempt  # a mail program presses the button for its reader (RFC 8058): no session, no form
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Leave a list with one click, here or in the mail program; opened twice, it says so again."""
    subscription_id = read_unsubscribe(signed)
    if subscription_id is None:
        return void_link(request, Link.NEWSLETTER)
    done = request.method == "POST"
    if done:
        actions.unsubscribe(
            subscription_id=subscription_id, source=ConsentSource.LINK, now=timezone.now()
        )
    return render(request, "citizens/newsletter_stop.html", {"done": done})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def own(request: CitizenRequest) -> HttpResponse:
    """What the account's owner receives, and what they may ask for besides."""
    account = request.account
    rows = Subscription.objects.of_account(account).select_related("newsletter")
    asked_for = [row.newsletter_id for row in rows]
    offered = Newsletter.objects.filter(is_active=True).exclude(pk__in=asked_for)
    form = NewslettersForm(posted(request), offered=offered)
    email = request.user.email or ""
    if request.method == "POST" and email and form.is_valid():
        if wait := _wait(request, email):
            return too_many(request, wait, MAILS)
        actions.ask_subscription(
            email=email,
            newsletters=form.cleaned_data["newsletters"],
            language=get_language() or "fr",
            now=timezone.now(),
            account=account,
        )
        messages.success(
            request, _("Un courriel est parti. Ouvrez-le pour confirmer votre abonnement.")
        )
        return redirect("citizens:own_newsletters")
    context = {
        "rows": rows.order_by("newsletter__order", "newsletter__label"),
        "form": form,
        "offered": offered,
        "email": email,
        "consent": _consent(),
    }
    return render(request, "citizens/newsletters_own.html", context)


@require_POST
@citizen_required
def leave(request: CitizenRequest, subscription_id: int) -> HttpResponse:
    """Leave a list from the account; one of somebody else does not exist."""
    mine = Subscription.objects.of_account(request.account)
    row = get_object_or_404(mine, pk=subscription_id)
    actions.unsubscribe(subscription_id=row.pk, source=ConsentSource.ACCOUNT, now=timezone.now())
    messages.success(request, _("C’est fait : vous ne recevrez plus cette lettre."))
    return redirect("citizens:own_newsletters")


def _consent():
    return current_text(ConsentKind.NEWSLETTER).text


def _wait(request: HttpRequest, email: str) -> int:
    return max(spend(ADDRESS_LIMIT, email, timezone.now()), visitor_mail_wait(request))
