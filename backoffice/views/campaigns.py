"""Campaigns: written, printed, and what they brought (S64)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.campaigns import figures_of
from backoffice.dashboard.period import Period
from backoffice.dashboard.reading import Selection
from backoffice.forms.campaigns import CampaignForm
from backoffice.views.seen import Seen, changes_to
from massy_grc.common.qr import qr_svg
from prestations.actions import write_campaign
from prestations.campaigns import address_of
from prestations.configuration import recorded, seen_of
from prestations.enums import CampaignChannel
from prestations.exceptions import StalePage
from prestations.models import Campaign
from requests.figures import day_of
from requests.permissions import Right

WRITERS = (Right.ADMINISTER, Right.SUPERVISE)
SHOWN = 50


@require_safe
@agent_page(*WRITERS, needs_post=False)
def campaigns(request: AgentRequest) -> HttpResponse:
    """Every campaign, the newest first."""
    context = {"rows": Campaign.objects.all()[:SHOWN], "today": timezone.localdate()}
    return render(request, "backoffice/campaign_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WRITERS, needs_post=False)
def campaign_write(request: AgentRequest, campaign_id: int | None = None) -> HttpResponse:
    """Make a campaign, or change one."""
    known = get_object_or_404(Campaign, pk=campaign_id) if campaign_id else None
    form = CampaignForm(request.POST if request.method == "POST" else None, instance=known)
    seen = Seen(
        request,
        partial(seen_of, "campaigns", known.code) if known else None,
        changes_to("campaigns", known.code) if known else None,
        form,
    )
    if form.is_valid():
        values = {"code": known.code if known else "", **form.cleaned_data}
        try:
            with recorded("campaigns", values["code"], actor=request.user, seen=seen.value):
                written = write_campaign(actor=request.user, campaign_id=campaign_id, **values)
        except StalePage as refusal:
            seen.refuse(form, refusal)
        else:
            messages.success(request, _("La campagne est enregistrée."))
            return redirect("backoffice:campaign", written.pk)
    context = {"form": form, "known": known, "seen": seen}
    return render(request, "backoffice/campaign_form.html", context)


@require_safe
@agent_page(*WRITERS, needs_post=False)
def campaign(request: AgentRequest, campaign_id: int) -> HttpResponse:
    """Its address and its code, who visited, what was asked for before, during and after."""
    known = get_object_or_404(
        Campaign.objects.prefetch_related("prestations", "articles", "departments", "teams"),
        pk=campaign_id,
    )
    selection = Selection(user=request.user, period=Period(known.first_day, known.last_day))
    context = {
        "campaign": known,
        "before": timezone.localdate() < known.first_day,
        "address": address_of(known),
        "facts": _facts(known),
        "told": figures_of([known], selection, today=day_of(timezone.now()))[0],
        "days": known.days.all(),
    }
    return render(request, "backoffice/campaign_detail.html", context)


def _facts(known: Campaign) -> list[dict[str, str]]:
    """Where it is seen, whose it is, which articles it leads to."""
    lists: dict[str, Iterable[Any]] = {
        _("Où on la voit"): [CampaignChannel(code).label for code in known.channels],
        _("Qui la porte"): [*known.departments.all(), *known.teams.all()],
        _("Articles"): known.articles.all(),
    }
    return [
        {"label": label, "value": ", ".join(map(str, values))}
        for label, values in lists.items()
        if values
    ]


@require_safe
@agent_page(*WRITERS, needs_post=False)
def campaign_qr(request: AgentRequest, campaign_id: int) -> HttpResponse:
    """The QR code of its address, for whoever lays out a poster."""
    known = get_object_or_404(Campaign, pk=campaign_id)
    response = HttpResponse(qr_svg(address_of(known)), content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="{known.code}.svg"'
    return response


@require_safe
@agent_page(*WRITERS, needs_post=False)
def campaign_print(request: AgentRequest, campaign_id: int) -> HttpResponse:
    """A page to print and pin up: name, text, code and address."""
    known = get_object_or_404(Campaign, pk=campaign_id)
    context = {"campaign": known, "address": address_of(known)}
    return render(request, "backoffice/campaign_print.html", context)
