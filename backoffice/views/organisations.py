"""The accounts of organisations: an agent checks who declares them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from citizens.actions import check_organisation
from citizens.enums import CheckState
from citizens.models import OrganisationAccount
from requests.permissions import Right

SHOWN = 50
ANSWERS = {"verifier": CheckState.VERIFIED, "refuser": CheckState.REFUSED}


@require_safe
@agent_page(Right.LOG_REQUEST)
def organisation_list(request: AgentRequest) -> HttpResponse:
    """Those that wait for a check, the oldest first, then the latest answers."""
    accounts = OrganisationAccount.objects.select_related("checked_by").prefetch_related(
        "members__account__citizen"
    )
    others = Count("organisation__accounts", filter=~Q(organisation__accounts__state="refused"))
    waiting = accounts.filter(state=CheckState.PENDING).annotate(claims=others)
    context = {
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
