"""The accounts of organisations: an agent checks who declares them, and what they correct."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from citizens.actions import answer_correction, check_organisation
from citizens.enums import ChangeState, CheckState
from citizens.models import OrganisationAccount, OrganisationChange
from requests.permissions import Right

SHOWN = 50
ANSWERS = {"verifier": CheckState.VERIFIED, "refuser": CheckState.REFUSED}
TAKEN = {"reprendre": True, "laisser": False}


@require_safe
@agent_page(Right.LOG_REQUEST)
def organisation_list(request: AgentRequest) -> HttpResponse:
    """Those that wait for a check, the oldest first, then corrections, then the latest answers."""
    accounts = (
        OrganisationAccount.objects.open()
        .select_related("checked_by")
        .prefetch_related("members__account__citizen")
    )
    claiming = ~Q(organisation__accounts__state="refused")
    others = Count(
        "organisation__accounts", filter=claiming & Q(organisation__accounts__closed_at=None)
    )
    waiting = accounts.filter(state=CheckState.PENDING).annotate(claims=others)
    corrections = OrganisationChange.objects.filter(
        state=ChangeState.PROPOSED, organisation__closed_at=None
    ).exclude(organisation__state=CheckState.REFUSED)
    context = {
        "corrections": corrections.select_related(
            "organisation__organisation", "account__citizen"
        ).order_by("at")[:SHOWN],
        "waiting": waiting.order_by("created_at")[:SHOWN],
        "answered": accounts.exclude(state=CheckState.PENDING).order_by("-checked_at")[:SHOWN],
    }
    return render(request, "backoffice/organisation_list.html", context)


@require_POST
@agent_page(Right.LOG_REQUEST)
def organisation_check(request: AgentRequest, organisation_id: int, answer: str) -> HttpResponse:
    """Note the agent's answer; one answered meanwhile stays as it is."""
    if answer not in ANSWERS:
        raise Http404
    try:
        check_organisation(
            organisation_id=organisation_id,
            state=ANSWERS[answer],
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(
            request, _("C’est noté. Les administrateurs de l’organisme sont prévenus.")
        )
    except OrganisationAccount.DoesNotExist:
        messages.info(request, _("Un collègue a déjà répondu."))
    return redirect("backoffice:organisations")


@require_POST
@agent_page(Right.LOG_REQUEST)
def correction_answer(request: AgentRequest, change_id: int, answer: str) -> HttpResponse:
    """Take a correction over into the record, or leave it; one answered meanwhile stays so."""
    if answer not in TAKEN:
        raise Http404
    try:
        answer_correction(
            change_id=change_id, taken=TAKEN[answer], actor=request.user, now=timezone.now()
        )
        messages.success(
            request, _("C’est noté. Les administrateurs de l’organisme sont prévenus.")
        )
    except OrganisationChange.DoesNotExist:
        messages.info(request, _("Un collègue a déjà répondu, ou la correction a changé."))
    return redirect("backoffice:organisations")
