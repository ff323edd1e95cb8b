"""For whom each prestation is: an administrator's ticks, and their journal (S21)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.audiences import AudiencesForm
from prestations.actions import choose_audience
from prestations.audiences import possible_audiences
from prestations.configuration import recorded
from prestations.enums import PrestationStatus
from prestations.exceptions import CatalogueError
from prestations.models import Prestation
from prestations.presentation import present
from requests.permissions import Right

JOURNAL_SHOWN = 50


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def audiences(request: AgentRequest) -> HttpResponse:
    """Every prestation in use with its audiences."""
    prestations = _in_use().select_related("category").order_by("category__order", "order")
    rows = [{"prestation": one, "audiences": present(one).audiences} for one in prestations]
    return render(request, "backoffice/audience_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def audience(request: AgentRequest, code: str) -> HttpResponse:
    """The ticks of one prestation; they take effect at once, on the portal and in the forms."""
    prestation = get_object_or_404(_in_use().select_related("current_form"), pk=code)
    possible = possible_audiences(prestation)
    form = AudiencesForm(
        request.POST if request.method == "POST" else None,
        possible=possible,
        current=prestation.audiences,
    )
    if form.is_valid():
        try:
            _choose(prestation, form.cleaned_data["audiences"], possible, request.user)
        except CatalogueError as refusal:
            form.add_error("audiences", str(refusal))
        else:
            messages.success(request, _("C’est enregistré, et en vigueur sur le portail."))
            return redirect("backoffice:audience", code)
    journal = prestation.audience_choices.select_related("actor").order_by("-pk")[:JOURNAL_SHOWN]
    context = {"prestation": prestation, "form": form, "journal": journal}
    return render(request, "backoffice/audience_detail.html", context)


def _choose(prestation: Prestation, wanted: list[str], possible: list, actor) -> None:
    """Open first, then close: the prestation is for somebody all the while."""
    with recorded("prestations", prestation.pk, actor=actor):
        for one in sorted(possible, key=lambda one: one not in wanted):
            choose_audience(
                prestation_id=prestation.pk, audience=one, is_open=one in wanted, actor=actor
            )


def _in_use():
    return Prestation.objects.listed().filter(status=PrestationStatus.ACTIVE)
