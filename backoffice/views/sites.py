"""Sites: their list, each one's form, and their closing."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.sites import close_site, held_at, reopen_site
from backoffice.configured.closing import handed_on
from backoffice.forms.organisation import SiteClosingForm, SiteForm
from backoffice.views.departments import carried_out, saved_place
from backoffice.views.seen import Seen, changes_to
from prestations.configuration import kind_of, seen_of
from prestations.models import Site
from requests.permissions import Right


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def sites(request: AgentRequest) -> HttpResponse:
    """Every site with its week, the closed ones last."""
    rows = Site.objects.select_related("successor").order_by("-is_active", "order", "label")
    return render(request, "backoffice/site_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def site(request: AgentRequest, code: str = "") -> HttpResponse:
    """Write a new site, or change one that is open."""
    known = get_object_or_404(Site, pk=code) if code else None
    if known is not None and not known.is_active:
        closed = {"site": known, "handed_on": handed_on("sites", code)}
        return render(request, "backoffice/site_closed.html", closed)
    state = kind_of("sites").snapshot(code) if code else None
    form = SiteForm(request.POST if request.method == "POST" else None, known=state)
    seen = Seen(
        request, partial(seen_of, "sites", code) if code else None, changes_to("sites", code), form
    )
    if saved_place(request, "sites", form, seen):
        return redirect("backoffice:sites")
    context = {"site": known, "form": form, "seen": seen}
    return render(request, "backoffice/site_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def site_close(request: AgentRequest, code: str) -> HttpResponse:
    """What hangs on the site and where it would go; then it is closed."""
    known = get_object_or_404(Site, pk=code, is_active=True)
    form = SiteClosingForm(request.POST if request.method == "POST" else None, closing=known)
    if form.is_valid():
        close = partial(close_site, actor=request.user, code=code, **form.cleaned_data)
        if carried_out(request, close, _("Le site est fermé."), form):
            return redirect("backoffice:site", code)
    context = {"site": known, "form": form, "held": held_at(known)}
    return render(request, "backoffice/site_close.html", context)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def site_reopen(request: AgentRequest, code: str) -> HttpResponse:
    """Open it again."""
    get_object_or_404(Site, pk=code)
    why = request.POST.get("reason", "")
    reopen = partial(reopen_site, actor=request.user, code=code, reason=why)
    carried_out(request, reopen, _("Le site est de nouveau ouvert."))
    return redirect("backoffice:site", code)
