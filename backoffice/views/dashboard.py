"""The dashboard: figures, charts and tables, each number opening its list (use bar 39)."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import agent_page
from backoffice.campaigns import told_of
from backoffice.dashboard.forwarded import forwarded_in
from backoffice.dashboard.page import charts, tiles
from backoffice.dashboard.reading import Selection, read_figures
from backoffice.dashboard.residence import residence_file
from backoffice.forecast import forecast
from backoffice.forms.dashboard import DashboardForm
from prestations.models import Department, Prestation
from requests.figures import day_of
from requests.models import ServiceRequest
from requests.permissions import Right, Scope, places_with, scope_of


@require_safe
@agent_page(Right.SEE_DASHBOARD, needs_post=False)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the figures of the period, team and department that stand in the address."""
    now, scope = timezone.now(), scope_of(request.user)
    form, selection = selected(request, scope, now)
    figures = read_figures(selection, now=now)
    chosen = {"equipe": selection.team, "departement": selection.department}
    place = place_of(scope)
    context = {
        "forecast": forecast(
            selection.narrowed(ServiceRequest.objects.all()),
            now,
            {name: value for name, value in chosen.items() if value},
        ),
        "form": form,
        "place": place,
        "is_narrowed": bool(place or selection.team or selection.department),
        "headed": departments_headed_by(request.user)
        if scope.may(Right.ASSIGN_IN_DEPARTMENT)
        else [],
        "period": selection.period,
        "tiles": tiles(figures, selection),
        "charts": charts(figures, selection),
        "forwarded": forwarded_in(selection),
        "campaigns": told_of(selection, today=day_of(now)),
        "may_write_campaigns": scope.may(Right.ADMINISTER) or scope.may(Right.SUPERVISE),
        "query": selection.query,
        "nothing": not (figures.total.filed or figures.total.open or figures.total.closed),
    }
    return render(request, "backoffice/dashboard.html", context)


@require_safe
@agent_page(Right.SEE_DASHBOARD, needs_post=False)
def residence(request: HttpRequest) -> HttpResponse:
    """Requests filed by prestation and by where their requester lives, for a spreadsheet (S86)."""
    now = timezone.now()
    _form, selection = selected(request, scope_of(request.user), now)
    labels = {one.pk: str(one) for one in Prestation.objects.only("label")}
    text = residence_file(read_figures(selection, now=now).by_residence, labels)
    period = selection.period
    name = f"domicile-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    # spreadsheets take a file for UTF-8 only when it begins with the mark
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def selected(request: HttpRequest, scope: Scope, now: datetime) -> tuple[DashboardForm, Selection]:
    """What stands in the address, and the figures that it asks for."""
    form = DashboardForm(request.GET or None, scope=scope, today=day_of(now))
    return form, Selection(
        user=request.user,
        period=form.period,
        team=form.chosen("equipe"),
        department=form.chosen("departement"),
        query=request.GET.urlencode() if form.is_valid() else "",
    )


def departments_headed_by(user) -> QuerySet[Department]:
    """The departments whose head this person is."""
    headed = places_with(Right.ASSIGN_IN_DEPARTMENT).filter(user=user)
    return Department.objects.filter(pk__in=headed.values("department"), is_active=True)


def place_of(scope: Scope) -> str:
    """The departments that the figures are limited to, in words; empty for the whole town."""
    if scope.counts_everything or scope.everything:
        return ""
    own = Department.objects.filter(pk__in=scope.departments)
    return ", ".join(map(str, own))
