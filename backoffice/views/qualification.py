"""How the automatic classification does, when it may act by itself, and its training."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.qualification import ThresholdForm, WhenAlone
from massy_grc.users.models import User
from prestations.configuration import recorded
from prestations.models import Prestation
from requests import actions
from requests.models import AutomaticThreshold
from requests.permissions import Right, scope_of
from requests.qualification.figures import quality
from requests.qualification.thresholds import LEAST_PERCENT, PRECISION, SUPPORT
from requests.tasks import train_classifier


@require_safe
@agent_page(Right.ADMINISTER, Right.SUPERVISE, needs_post=False)
def qualification(request: AgentRequest) -> HttpResponse:
    """Its accuracy, what it confuses, whether it drifts, and what went wrong without an agent."""
    version = actions.current_version()
    context = {
        "version": version,
        "quality": quality(timezone.now(), version),
        "precision": round(100 * PRECISION),
        "least": LEAST_PERCENT,
        "support": SUPPORT,
        "may_administer": scope_of(request.user).may(Right.ADMINISTER),
    }
    return render(request, "backoffice/qualification.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def threshold(request: AgentRequest, code: str) -> HttpResponse:
    """From which score one prestation is routed without an agent."""
    prestation = get_object_or_404(Prestation.objects.filter(is_active=True), pk=code)
    current = AutomaticThreshold.objects.filter(prestation=prestation).first()
    form = ThresholdForm(
        request.POST if request.method == "POST" else None, initial=_as_chosen(current)
    )
    if form.is_valid():
        with recorded("thresholds", prestation.pk, actor=request.user):
            _choose(prestation, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Le seuil est enregistré."))
        return redirect("backoffice:qualification")
    version = actions.current_version()
    measured = version.thresholds.get(prestation.pk) if version else None
    context = {"prestation": prestation, "form": form, "measured": measured}
    return render(request, "backoffice/qualification_threshold.html", context)


def _as_chosen(current: AutomaticThreshold | None) -> dict:
    if current is None:
        return {"rule": WhenAlone.MEASURED}
    if current.percent is None:
        return {"rule": WhenAlone.NEVER}
    return {"rule": WhenAlone.CHOSEN, "percent": current.percent}


def _choose(prestation: Prestation, *, actor: User, rule: str, percent: int | None) -> None:
    if rule == WhenAlone.MEASURED:
        actions.follow_measure(prestation=prestation)
        return
    chosen = percent if rule == WhenAlone.CHOSEN else None
    actions.set_threshold(prestation=prestation, percent=chosen, actor=actor)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def train(request: AgentRequest) -> HttpResponse:
    """Learn again now, in a worker."""
    train_classifier.delay()
    messages.success(request, _("L’apprentissage est lancé. Il prend une à deux minutes."))
    return redirect("backoffice:qualification")
