"""Regimes of silence that the catalogue is not sure of, for whoever may confirm them (L4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.regimes import RegimeForm
from prestations.actions import confirm_regime
from prestations.configuration import recorded
from prestations.exceptions import CatalogueError
from prestations.models import Prestation, RegimeConfirmation
from prestations.presentation import silence_regime_words
from prestations.querysets import PrestationQuerySet
from requests.permissions import Right, scope_of

CONFIRMING = (Right.ADMINISTER, Right.PROTECT_DATA)


@require_safe
@agent_page(*CONFIRMING, needs_post=False)
def regimes(request: AgentRequest) -> HttpResponse:
    """Those to confirm, and those that somebody of the town has confirmed."""
    doubtful = _doubtful().order_by("order")
    to_confirm = list(doubtful.silence_unconfirmed())
    waiting = {one.pk for one in to_confirm}
    last = {one.prestation_id: one for one in RegimeConfirmation.objects.select_related("actor")}
    context = {
        "to_confirm": [(one, silence_regime_words(one)) for one in to_confirm],
        "confirmed": [
            (one, silence_regime_words(one), last[one.pk])
            for one in doubtful
            if one.pk not in waiting
        ],
        "may_settings": scope_of(request.user).may(Right.ADMINISTER),
    }
    return render(request, "backoffice/regime_list.html", context)


def _doubtful() -> PrestationQuerySet:
    """Those of which the catalogue is not sure; a draft is confirmed before it is opened."""
    return Prestation.objects.offered_or_made().filter(legal_confirmed=False)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*CONFIRMING, needs_post=False)
def regime(request: AgentRequest, code: str) -> HttpResponse:
    """One regime with its sources and the journal; confirming it."""
    doubtful = _doubtful()
    prestation = get_object_or_404(doubtful, pk=code)
    form = RegimeForm(
        request.POST if request.method == "POST" else None,
        initial={"confirmed_by": request.user.get_full_name(), "regime": prestation.regime},
    )
    if form.is_valid():
        try:
            with recorded("regimes", code, actor=request.user):
                confirm_regime(prestation_id=code, actor=request.user, **form.cleaned_data)
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le régime du silence est confirmé."))
            return redirect("backoffice:regimes")
    context = {
        "prestation": prestation,
        "words": silence_regime_words(prestation),
        "waits": doubtful.silence_unconfirmed().filter(pk=code).exists(),
        "form": form,
        "may_settings": scope_of(request.user).may(Right.ADMINISTER),
        "journal": prestation.regime_confirmations.select_related("actor").order_by("-pk"),
    }
    return render(request, "backoffice/regime_detail.html", context)
