"""The data-protection officer's pages: rights with their clock, rules, persons, holds, copies."""

from django.contrib import messages
from django.db.models.fields.json import KT
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import DOWNLOAD, looked_for, record_look
from backoffice.enums import LookReason
from backoffice.undoing import offer_undo, withdraw_offer
from citizens.models import Citizen
from massy_grc.common.posted import posted_ids
from prestations.calendars import days_between
from prestations.enums import Holds
from prestations.forms.definition import ANSWERS
from prestations.models import Processing
from prestations.privacy import RIGHTS_PRESTATION, Notice
from prestations.translation import catalogue_text
from requests import actions
from requests.actions.retention import approved_rules
from requests.copies import gather
from requests.drafts import SCOPE_FIELD, named_for, right_asked
from requests.enums import ExportState, IdentityCheck, Verb
from requests.exceptions import RequestError
from requests.letters.copy import sections_of
from requests.models import (
    DataExport,
    LegalHold,
    RequestEvent,
    RetentionRun,
    Sending,
    ServiceRequest,
)
from requests.permissions import Right
from requests.references import parse_reference, references_in
from requests.retention import FILES
from requests.views.my_data import send_copy

SHOWN = 50
EXTENSION = "extend"  # the act of a sending that may be undone
officer_page = agent_page(Right.PROTECT_DATA, needs_post=False)


@require_safe
@officer_page
def home(request: AgentRequest) -> HttpResponse:
    """Rights being exercised with their clock, the last run of the retention, the holds."""
    rows = (
        ServiceRequest.objects.filter(prestation=RIGHTS_PRESTATION)
        .open()
        .select_related("form_version")
        .order_by("due_at", "id")[:SHOWN]
    )
    now = timezone.now()
    cited = {sr.pk: references_in(_scope_in_words(sr)) for sr in rows}
    known = ServiceRequest.objects.filter(
        reference__in=[one for references in cited.values() for one in references]
    ).exclude(citizen=None)
    owners = dict(known.values_list("reference", "citizen_id"))
    extensions = RequestEvent.objects.standing().filter(verb=Verb.EXTEND, request__in=rows)
    extended = set(extensions.values_list("request", flat=True))
    taken_back = Sending.objects.filter(request__in=rows, author=request.user, act=EXTENSION)
    undone = dict(
        taken_back.exclude(undone_by=None)
        .order_by("first")
        .values_list("request", KT("typed__reason"))
    )
    rights = [
        {
            "sr": sr,
            "right": right_asked(sr.form_version, sr.answers),
            "concerned": named_for(sr.answers),
            "cited": [(one, owners.get(one)) for one in cited[sr.pk]],
            "days": days_between(now, sr.due_at),
            "extended": sr.pk in extended,
            "reason": undone.get(sr.pk, ""),
        }
        for sr in rows
    ]
    run = RetentionRun.objects.exclude(finished_at=None).first()
    context = {
        "rights": rights,
        "run": run,
        "lines": _worded(run.lines) if run else [],
        "holds": LegalHold.objects.filter(lifted_at=None).select_related("request", "placed_by")[
            :SHOWN
        ],
    }
    return render(request, "backoffice/privacy_home.html", context)


def _scope_in_words(sr: ServiceRequest) -> str:
    """What a right is about, as whoever exercises it wrote."""
    return str(sr.answers.get(ANSWERS, {}).get(SCOPE_FIELD) or "")


def _worded(lines: list[dict]) -> list[dict]:
    """The lines of a run of the rules, with words in the place of their codes."""
    rules = dict(Processing.objects.values_list("code", "label"))
    reached = {FILES: _("Pièces jointes"), **dict(Holds.choices)}
    return [
        {
            **line,
            "rule": catalogue_text(rules.get(line["rule"], line["rule"])),
            "what": reached.get(line["what"], line["what"]),
        }
        for line in lines
    ]


@require_safe
@officer_page
def rules(request: AgentRequest) -> HttpResponse:
    """Every rule of the register, approved or waiting."""
    approved = approved_rules()
    processings = Processing.objects.filter(is_active=True).exclude(holds=Holds.NONE)
    rows = [{"notice": Notice(one), "on": one.pk in approved} for one in processings]
    return render(request, "backoffice/privacy_rules.html", {"rows": rows})


@require_POST
@officer_page
def rule(request: AgentRequest, code: str) -> HttpResponse:
    """Approve a rule as it stands, or stop it."""
    processing = get_object_or_404(Processing, pk=code, is_active=True)
    if request.POST.get("action") == "stop":
        actions.withdraw_rule(processing=processing, actor=request.user)
        messages.success(request, _("La règle n’est plus appliquée."))
    else:
        visa = request.POST.get("visa", "")
        actions.approve_rule(processing=processing, actor=request.user, visa=visa)
        messages.success(request, _("La règle est validée : elle s’applique dès cette nuit."))
    return redirect("backoffice:privacy_rules")


@require_POST
@officer_page
def hold(request: AgentRequest) -> HttpResponse:
    """Hold a request named by its reference, or lift its hold."""
    reference = parse_reference(request.POST.get("reference", "")) or ""
    sr = ServiceRequest.objects.filter(reference=reference).first()
    if sr is None:
        messages.error(request, _("Aucune demande n’a ce numéro."))
        return redirect("backoffice:privacy")
    try:
        if request.POST.get("action") == "release":
            actions.release_request(request_id=sr.pk, actor=request.user)
            messages.success(request, _("Le gel est levé."))
        else:
            reason = request.POST.get("reason", "")
            actions.hold_request(request_id=sr.pk, actor=request.user, reason=reason)
            messages.success(request, _("La demande est gelée : rien n’en sera effacé."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:privacy")


@require_POST
@officer_page
def extend(request: AgentRequest, reference: str) -> HttpResponse:
    """Take two more months to answer, and tell the person why."""
    sr = get_object_or_404(ServiceRequest, reference=reference, prestation=RIGHTS_PRESTATION)
    reason = request.POST.get("reason", "")
    try:
        _done, sending = actions.send_undoable(
            request_id=sr.pk,
            actor=request.user,
            act=EXTENSION,
            typed={"reason": reason},
            perform=lambda: actions.extend_request(
                request_id=sr.pk, version=None, actor=request.user, reason=reason
            ),
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("backoffice:privacy")
    if sending:
        url = reverse("backoffice:privacy_undo_extension", args=[sr.reference, sending.pk])
        offer_undo(request, url, f"{_('Délai prolongé')} · {sr.reference}", sending.until)
    return redirect("backoffice:privacy")


@require_POST
@officer_page
def undo_extension(request: AgentRequest, reference: str, sending_id: int) -> HttpResponse:
    """Take back an extension before its letter leaves."""
    sr = get_object_or_404(ServiceRequest, reference=reference, prestation=RIGHTS_PRESTATION)
    sending = get_object_or_404(sr.sendings, pk=sending_id, author=request.user, act=EXTENSION)
    withdraw_offer(request)
    try:
        actions.undo_sending(sending_id=sending.pk, actor=request.user)
        messages.success(
            request, _("Envoi annulé : rien n’est parti, et la demande est comme avant.")
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:privacy")


@require_safe
@officer_page
def people(request: AgentRequest) -> HttpResponse:
    """Find whose data a request is about."""
    q = request.GET.get("q", "")[:200]
    found = Citizen.objects.living().matching(q)[:25] if len(q.strip()) > 1 else []
    return render(request, "backoffice/privacy_people.html", {"q": q, "found": found})


@require_safe
@officer_page
def person(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """What the town holds about one person, and what an erasure would do; the look is noted."""
    citizen = get_object_or_404(Citizen, pk=citizen_id)
    record_look(request.user, citizen.pk, looked_for(LookReason.RIGHTS))
    standings = actions.preview_erasure(citizen)
    opening = ServiceRequest.objects.visible_to(request.user).filter(citizen=citizen)
    context = {
        "opening": set(opening.values_list("pk", flat=True)),
        "citizen": citizen,
        "standings": standings,
        "record_stays": any(one.obstacle for one in standings),
        "held": [] if citizen.anonymised_at else sections_of(gather(citizen)),
        "account": citizen.accounts.open().first(),
        "contacts": citizen.contacts.count(),
        "record_notes": citizen.record_notes.filter(withdrawn_at=None).select_related(
            "author", "team", "department", "prestation"
        ),
        "exports": citizen.exports.exclude(identity="")[:5],
        "checks": IdentityCheck.choices,
        "erasures": citizen.erasures.select_related("done_by"),
    }
    return render(request, "backoffice/privacy_person.html", context)


@require_POST
@officer_page
def make_copy(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Have a copy made for a person without account, once the identity is checked."""
    try:
        actions.ask_export(
            citizen_id=get_object_or_404(Citizen.objects.living(), pk=citizen_id).pk,
            actor=request.user,
            identity=request.POST.get("identity", ""),
        )
        messages.success(request, _("La copie se prépare : rechargez la page dans un instant."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:privacy_person", citizen_id=citizen_id)


@require_safe
@officer_page
def download(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The copy made for somebody; the download is noted."""
    export = get_object_or_404(
        DataExport.objects.exclude(identity=""), pk=pk, state=ExportState.READY
    )
    why = looked_for(LookReason.RIGHTS)
    record_look(request.user, export.citizen_id, why, action=DOWNLOAD)
    return send_copy(export)


@require_POST
@officer_page
def erase(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Carry out the erasure that the preview showed."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    if request.POST.get("confirm") != "oui":
        messages.error(request, _("Cochez la case qui confirme l’effacement."))
        return redirect("backoffice:privacy_person", citizen_id=citizen_id)
    try:
        erasure = actions.erase_person(
            citizen_id=citizen.pk,
            actor=request.user,
            request_ids=set(posted_ids(request.POST.getlist("request"))),
            record=request.POST.get("record") == "oui",
            identity=request.POST.get("identity", ""),
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("backoffice:privacy_person", citizen_id=citizen_id)
    if erasure.record_erased:
        messages.success(request, _("Tout est effacé, et la personne est prévenue."))
    else:
        messages.success(
            request, _("C’est effacé. Le reste est gardé, et la personne sait pourquoi.")
        )
    return redirect("backoffice:privacy_person", citizen_id=citizen_id)
