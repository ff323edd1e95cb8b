"""What crosses from a request to its owner's space: earlier requests, corrected details."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from citizens.access import CitizenRequest, citizen_required
from citizens.mails import account_mail
from citizens.models import CitizenAccount
from massy_grc.common.throttle import spend
from massy_grc.users.limits import visitor_mail_wait
from requests import actions, tracking
from requests.exceptions import RequestError
from requests.forms.space import AttachForm
from requests.models import ServiceRequest
from requests.prefill import corrections
from requests.references import parse_reference
from requests.views.tracking import wait_page

LINK_VALIDITY = timedelta(hours=24)
SALT = "requests.space.earlier"
SHOWN = 100  # requests on the page that the mail opens; those left come with the next mail


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@citizen_required
def attach(request: CitizenRequest) -> HttpResponse:
    """Take an earlier request into the space, with its number and its tracking code.

    The same answer whatever is wrong: no number can be tried out.
    """
    form = AttachForm(request.POST or None)
    if form.is_valid():
        try:
            found = tracking.find_tracked(
                request, **form.cleaned_data, now=timezone.now(), by_code_only=True
            )
            if found is not None:
                actions.adopt_request(request_id=found.pk, account=request.account)
                messages.success(request, _("La demande est ajoutée à votre espace."))
                return redirect("requests:track", found.reference)
            form.add_error("secret", _("Ce numéro et ce code ne vont pas ensemble. Vérifiez-les."))
        except tracking.TooManyAttempts as refusal:
            return wait_page(request, refusal.seconds)
        except RequestError as refusal:
            form.add_error("secret", str(refusal))
    context = {"form": form, "with_address": actions.earlier_requests(request.account).exists()}
    return render(request, "requests/space_attach.html", context)


@require_POST
@citizen_required
def send_earlier(request: CitizenRequest) -> HttpResponse:
    """Mail the account's address the link that shows what was filed with it."""
    account = request.account
    now = timezone.now()
    wait = max(spend(tracking.MAIL_LIMIT, f"earlier {account.pk}", now), visitor_mail_wait(request))
    if wait:
        return wait_page(request, wait)
    if actions.earlier_requests(account).exists():
        with transaction.atomic():
            account_mail(
                "earlier_requests",
                to=request.user.email or "",
                key=f"space.earlier:{account.pk}:{now.isoformat()}",
                language=get_language() or settings.LANGUAGE_CODE,
                about=f"account:{account.pk}",
                name=account.citizen.letter_name,
                link=earlier_link(account),
            )
    return render(request, "requests/space_earlier_sent.html", {"email": request.user.email})


def earlier_link(account: CitizenAccount) -> str:
    """The absolute address of the list of what was filed with the account's address, for a day."""
    signed = signing.dumps(account.pk, salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('requests:space_earlier', args=[signed])}"


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def earlier(request: CitizenRequest, signed: str) -> HttpResponse:
    """The list that the mailed link opens, for the account that asked for it alone."""
    try:
        account_id = signing.loads(signed, salt=SALT, max_age=LINK_VALIDITY)
    except signing.BadSignature:
        account_id = None
    if account_id != request.account.pk:
        return render(request, "requests/space_earlier_void.html", status=410)
    rows = list(
        actions.earlier_requests(request.account)
        .select_related("prestation")
        .order_by("-arrived_at", "-pk")[:SHOWN]
    )
    if request.method != "POST":
        return render(request, "requests/space_earlier.html", {"rows": rows})
    chosen = [one for one in rows if one.reference in request.POST.getlist("demande")]
    for one in chosen:
        actions.adopt_request(request_id=one.pk, account=request.account)
    if chosen:
        messages.success(
            request,
            ngettext(
                "La demande est ajoutée à votre espace.",
                "%(count)d demandes sont ajoutées à votre espace.",
                len(chosen),
            )
            % {"count": len(chosen)},
        )
    return redirect("requests:space_requests")


@require_POST
@citizen_required
def take_details(request: CitizenRequest, reference: str) -> HttpResponse:
    """« Garder ces coordonnées »: the request's phone, address and usage name."""
    own = ServiceRequest.objects.of_account(request.account)
    found = own.filter(reference=parse_reference(reference) or "").first()
    if found is None:
        raise Http404
    changed = corrections(request.account, found.answers)
    if changed:
        actions.update_details(citizen_id=request.account.citizen_id, **changed)
    messages.success(request, _("Vos informations sont à jour."))
    return redirect("requests:space_details")
