"""The person's own data: a copy, their consents, their rights. Behind their account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.access import CitizenRequest, citizen_required
from citizens.actions.consents import Subject, all_standing, set_consent
from citizens.consents import current_text
from citizens.enums import ConsentKind, ConsentSource
from citizens.models import Citizen, CitizenMerge
from prestations.enums import Channel
from prestations.forms import parse_address
from prestations.models import Prestation
from prestations.privacy import RIGHTS_PRESTATION
from requests import actions
from requests.actions.exports import EXPORT_LIFE
from requests.drafts import (
    MYSELF,
    PERSON_QUESTION,
    RIGHT_FIELD,
    begun_right,
    resume_url,
    right_asked,
)
from requests.enums import ExportState
from requests.exceptions import RequestError
from requests.models import DataExport, ReportFollower

SHOWN = 5
# The rights a person may begin from here: the choices of the form's first question.
RIGHTS = ("acces", "rectification", "effacement", "limitation", "opposition", "portabilite")


@require_safe
@citizen_required
def page(request: CitizenRequest) -> HttpResponse:
    """The copies asked for, the consents, and the way to each right."""
    citizen = request.account.citizen
    given = all_standing(Subject(citizen.pk))
    # A report may have ended meanwhile; what was followed by address was agreed to by its mail.
    followed = ReportFollower.objects.of_account(request.account).values_list("account", flat=True)
    agreed = given[ConsentKind.FOLLOW]
    given[ConsentKind.FOLLOW] = any(agreed or account is None for account in followed)
    rights = citizen.requests.filter(prestation=RIGHTS_PRESTATION).order_by("-arrived_at")
    rights = rights.exclude(
        pk__in=CitizenMerge.objects.brought(citizen.pk, "requests.ServiceRequest.citizen")
    )
    asked = rights.select_related("prestation", "form_version", "account")
    context = {
        "exports": citizen.exports.filter(identity="")[:SHOWN],
        "days": EXPORT_LIFE.days,
        "consents": [
            {"kind": kind, "label": kind.label, "text": current_text(kind).text, "on": given[kind]}
            for kind in ConsentKind
        ],
        "rights": [
            {
                "request": one,
                "right": right_asked(one.form_version, one.answers),
                "opens": one.account is not None and one.account.citizen_id == citizen.pk,
            }
            for one in actions.as_told(asked[:SHOWN], timezone.now())
        ],
    }
    return render(request, "requests/my_data.html", context)


@require_POST
@citizen_required
def ask_copy(request: CitizenRequest) -> HttpResponse:
    """Ask for a copy; a worker makes it and a mail tells when it is ready."""
    try:
        actions.ask_export(citizen_id=request.account.citizen_id, actor=request.user)
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Nous préparons votre copie. Vous recevrez un courriel dans quelques minutes."),
        )
    return redirect("requests:my_data")


@require_safe
@citizen_required
@reauthentication_required(allow_get=False, app="requests")
def download(request: CitizenRequest, pk: int) -> HttpResponseBase:
    """The archive, for its owner only and after the password again."""
    export = get_object_or_404(
        DataExport, pk=pk, citizen=request.account.citizen_id, identity="", state=ExportState.READY
    )
    return send_copy(export)


def send_copy(export: DataExport) -> FileResponse:
    """The archive as a download.

    Raises:
        Http404: it is over.
    """
    if not export.file or export.expires_at is None or export.expires_at < timezone.now():
        raise Http404
    response = FileResponse(
        export.file.open(),
        as_attachment=True,
        filename=f"mes-donnees-{export.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@citizen_required
def consent(request: CitizenRequest, kind: str) -> HttpResponse:
    """Give or withdraw one consent."""
    if kind not in ConsentKind.values:
        raise Http404
    given = request.POST.get("accord") == "oui"
    set_consent(
        subject=Subject(request.account.citizen_id),
        kind=kind,
        given=given,
        source=ConsentSource.ACCOUNT,
    )
    messages.success(
        request, _("Votre accord est noté.") if given else _("Votre accord est retiré.")
    )
    return redirect("requests:my_data")


@require_POST
@citizen_required
def exercise(request: CitizenRequest, right: str) -> HttpResponse:
    """Begin the request that exercises a right for oneself, or take up the one begun.

    What is known is filled in; for whom is not asked: from here it is for oneself.
    """
    prestation = Prestation.objects.open_on(Channel.WEB).filter(pk=RIGHTS_PRESTATION).first()
    if prestation is None or right not in RIGHTS:
        raise Http404
    if begun := begun_right(request, right):
        return redirect(resume_url(begun))
    citizen = request.account.citizen
    draft = actions.start_draft(
        prestation=prestation,
        language=get_language() or "fr",
        citizen=citizen,
        account=request.account,
        answers={"demandeur": _known(citizen), "reponses": {RIGHT_FIELD: right}},
    )
    draft = actions.answer_condition(token=draft.token, code=PERSON_QUESTION, answer=MYSELF)
    return redirect(resume_url(draft))


def _known(citizen: Citizen) -> dict:
    known = {
        "nom_famille": citizen.family_name,
        "nom_usage": citizen.usage_name,
        "prenom": citizen.given_name,
        "email": citizen.email,
        "telephone": str(citizen.phone) if citizen.phone and citizen.phone.is_valid() else "",
        "adresse": parse_address(citizen.address) if citizen.address else "",
    }
    return {name: value for name, value in known.items() if value}
