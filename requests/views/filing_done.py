"""After sending: the confirmation, its receipt, and the files of a request."""

from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citizens.access import account_of
from citizens.void import Link, void_link
from massy_grc.common.words import phone_words
from prestations.calendars import town_calendar
from prestations.enums import Acknowledgement, Appointment, Channel
from prestations.forms import Questionnaire
from requests import deadlines
from requests.drafts import own_drafts, owns_draft
from requests.given import given_answers
from requests.models import Attachment, ServiceRequest
from requests.prefill import corrections
from requests.promises import awaits_answer, promise, silence_words
from requests.telling import acknowledges_requester, telling
from requests.tracking import is_own, tracked_request
from requests.uploads import download

SALT = "requests.confirmation"
CONFIRMATION_LIFE = timedelta(days=90)


def confirmation_url(service_request: ServiceRequest) -> str:
    """The address of the confirmation page: unguessable, good for 90 days."""
    signed = signing.dumps(service_request.pk, salt=SALT)
    return reverse("requests:confirmation", args=[signed])


def confirmed(signed: str) -> ServiceRequest | None:
    """The request of a confirmation address; None when cut, forged, too old, or erased since."""
    try:
        pk = signing.loads(signed, salt=SALT, max_age=CONFIRMATION_LIFE)
    except signing.BadSignature:
        return None
    rows = ServiceRequest.objects.select_related("prestation", "team", "form_version", "account")
    return rows.filter(pk=pk, anonymised_at=None).first()


@require_safe
def confirmation(request: HttpRequest, signed: str) -> HttpResponse:
    """Reference, what happens now and when, receipt; the same after a reload."""
    service_request = confirmed(signed)
    if service_request is None or not _may_be_told(request, service_request):
        return void_link(request, Link.CONFIRMATION)
    prestation = service_request.prestation
    questionnaire = Questionnaire(service_request.form_version, service_request.channel)
    now = timezone.now()
    mine = filed_by(request, service_request)
    context = {
        "service_request": service_request,
        "prestation": prestation,
        "signed": signed,
        "by_email": bool(service_request.requester_email),
        "appointment_required": prestation.appointment == Appointment.REQUIRED,
        "telling": telling(service_request),
        "acknowledged_by": _acknowledged_by(service_request),
        "promise": promise(service_request, now) if awaits_answer(service_request) else "",
        "silence": silence_words(service_request, now),
        "to_bring": questionnaire.documents_to_bring(service_request.answers),
        "later": questionnaire.documents_due_later(),
        "own": is_own(request, service_request),
        **_corrections(request, service_request),
        "mine": mine,
        **(given_answers(service_request) if mine else {}),
    }
    return render(request, "requests/filing_confirmation.html", context)


def _may_be_told(request: HttpRequest, service_request: ServiceRequest) -> bool:
    """Whether the address is enough; what an organisation filed is for its members alone."""
    return not service_request.organisation_account_id or is_own(request, service_request)


def filed_by(request: HttpRequest, service_request: ServiceRequest) -> bool:
    """Whether the reader sent it: the address of the page alone opens nothing of it."""
    return is_own(request, service_request) or (
        own_drafts(request).filter(filed_request=service_request).exists()
    )


def _corrections(request: HttpRequest, service_request: ServiceRequest) -> dict[str, Any]:
    """What the request says otherwise than its owner's record; nothing for any other reader.

    Returns:
        `corrections`, its words; `only_adds`, whether the record had nothing to contradict.
    """
    account = account_of(request)
    if account is None or service_request.organisation_account_id:
        return {}
    if not is_own(request, service_request):
        return {}
    found = corrections(account, service_request.answers)
    return {
        "corrections": [
            phone_words(said) if name == "phone" else said for name, said in found.items()
        ],
        "only_adds": not any(getattr(account.citizen, name) for name in found),
    }


def _acknowledged_by(service_request: ServiceRequest) -> date | None:
    """The last day for the acknowledgement, when one is due: always for an electronic filing."""
    if not acknowledges_requester(service_request):
        return None
    exempt = service_request.prestation.acknowledgement == Acknowledgement.EXEMPT_PAPER
    if exempt and service_request.channel not in (Channel.WEB, Channel.EMAIL):
        return None
    filed_at, due_at = service_request.filed_at, service_request.due_at
    return deadlines.acknowledged_by(filed_at, due_at, town_calendar())


@require_safe
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file somebody sent, to its sender: from their draft, or from the tracking page.

    Agents have an address of their own, where the look is recorded (R24). Missing and forbidden
    answer alike.
    """
    stored = get_object_or_404(Attachment.objects.select_related("draft", "request"), pk=pk)
    if not _may_read(request, stored):
        raise Http404
    return download(stored)


def _may_read(request: HttpRequest, stored: Attachment) -> bool:
    if stored.request is None:
        return stored.draft is not None and owns_draft(request, stored.draft.token)
    # what an agent adds (a photo, an opinion) is the town hall's own
    return stored.by_requester and tracked_request(request, stored.request.reference) is not None
