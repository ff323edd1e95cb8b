"""The dashboard: figures, charts and tables, each number opening its list (use bar 39)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import agent_page
from backoffice.dashboard.page import charts, tiles
from backoffice.dashboard.reading import Selection, read_figures
from backoffice.forms.dashboard import DashboardForm
from prestations.models import Department
from requests.figures import day_of
from requests.permissions import Right, Scope, scope_of


@require_safe
@agent_page(Right.SEE_DASHBOARD, needs_post=False)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the figures of the period, team and department that stand in the address."""
    now, scope = timezone.now(), scope_of(request.user)
    form = DashboardForm(request.GET or None, scope=scope, today=day_of(now))
    selection = Selection(
        user=request.user,
        period=form.period,
        team=form.chosen("equipe"),
        department=form.chosen("departement"),
        query=request.GET.urlencode() if form.is_valid() else "",
    )
    figures = read_figures(selection, now=now)
    context = {
        "form": form,
        "place": place_of(scope),
        "period": selection.period,
        "tiles": tiles(figures, selection),
        "charts": charts(figures, selection),
        "nothing": not (figures.total.filed or figures.total.open or figures.total.closed),
    }
    return render(request, "backoffice/dashboard.html", context)


def place_of(scope: Scope) -> str:
    """The departments that the figures are limited to, in words; empty for the whole town."""
    if scope.counts_everything or scope.everything:
        return ""
    own = Department.objects.filter(pk__in=scope.departments)
    return ", ".join(map(str, own))
