"""What is given at the end of a filing: the numbers, the receipt, the document itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import DOWNLOAD, record_opening
from backoffice.forms.checks import HandOverForm
from prestations.enums import DeliveryMode, Handling
from requests import actions
from requests.enums import State
from requests.exceptions import RequestError
from requests.letters.pdf import PdfUnavailable
from requests.models import ServiceRequest
from requests.notifications.filing import (
    receipt_facts,
    receipt_pdf,
    receipt_words,
)
from requests.permissions import Right, scope_of
from requests.promises import is_suspended, told_day
from requests.uploads import show_pdf


@require_safe
@agent_page(Right.LOG_REQUEST)
def logged(request: AgentRequest, reference: str) -> HttpResponse:
    """What was just filed: the numbers to give, the receipt to print, what to do next."""
    sr = get_object_or_404(
        ServiceRequest.objects.receipt_for(request.user).select_related(
            "prestation", "team", "department", "citizen"
        ),
        reference=reference,
    )
    record_opening(request.user, sr)
    return _logged_page(request, sr)


def _logged_page(
    request: AgentRequest, sr: ServiceRequest, form: HandOverForm | None = None, status: int = 200
) -> HttpResponse:
    owed = list(sr.pieces.filter(received_at=None))
    may_open = not scope_of(request.user).is_closed(sr.prestation_id)
    at_once = (
        sr.is_open
        and may_open
        and sr.state != State.A_QUALIFIER
        and not is_suspended(sr, owed)
        and sr.prestation.handling == Handling.SIMPLE
        and sr.prestation.immediate_at_counter
    )
    return render(
        request,
        "backoffice/reception_logged.html",
        {
            "sr": sr,
            "may_open": may_open,
            "form": (form or HandOverForm(sr=sr, user=request.user)) if at_once else None,
            "hands_over": _hands_over(sr),
            "promise": told_day(sr, owed, timezone.now()),
            "appointment": sr.prestation.appointment_info,
            "owed": owed,
        },
        status=status,
    )


def _hands_over(sr: ServiceRequest) -> bool:
    """Whether something is given: else what is asked for is only done."""
    return DeliveryMode.RETRAIT in sr.prestation.delivery_modes


@require_safe
@agent_page(Right.LOG_REQUEST)
def receipt(request: AgentRequest, reference: str) -> HttpResponse:
    """The receipt to print; without Pango, as a page."""
    sr = get_object_or_404(
        ServiceRequest.objects.receipt_for(request.user).select_related(
            "prestation", "team", "department", "site", "citizen"
        ),
        reference=reference,
    )
    record_opening(request.user, sr, action=DOWNLOAD)
    try:
        return show_pdf(*receipt_pdf(sr))
    except PdfUnavailable:
        words = receipt_words(sr)
        context = {"sr": sr, "words": words, "facts": receipt_facts(sr)}
        return render(request, "backoffice/reception_receipt.html", context)


@require_POST
@agent_page(Right.LOG_REQUEST)
def hand_over(request: AgentRequest, reference: str) -> HttpResponse:
    """The document was given at the counter, at once: seen, signed for and closed (S26)."""
    sr = get_object_or_404(ServiceRequest.objects.visible_to(request.user), reference=reference)
    form = HandOverForm(request.POST, sr=sr, user=request.user)
    if sr.is_open and not form.is_valid():
        return _logged_page(request, sr, form)
    try:
        actions.hand_over(
            request_id=sr.pk,
            version=None,  # a fact at the counter; routing may have gone on meanwhile
            actor=request.user,
            **(form.handing() if sr.is_open else {}),
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
        if sr.is_open:
            return _logged_page(request, sr, form, status=409)
    else:
        told = (
            _("Remis au guichet : la demande est close.")
            if _hands_over(sr)
            else _("Fait au guichet : la demande est close.")
        )
        messages.success(request, told)
    return redirect("backoffice:logged", reference=sr.reference)
