"""Double entry: what agents type again in the departments' own programs, counted (S53)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import agent_page
from backoffice.dashboard.rekeyed import heads, rekeyed_chart, rekeyed_file, rekeyed_in
from backoffice.views.dashboard import place_of, selected
from requests.permissions import Right, scope_of


@require_safe
@agent_page(Right.SEE_DASHBOARD, needs_post=False)
def rekeyed(request: HttpRequest) -> HttpResponse:
    """By program, department and prestation, for what stands in the address."""
    scope = scope_of(request.user)
    form, selection = selected(request, scope, timezone.now())
    groups = rekeyed_in(selection)
    context = {
        "form": form,
        "place": place_of(scope),
        "period": selection.period,
        "query": selection.query,
        "chart": rekeyed_chart(groups) if groups else None,
        "groups": groups,
        "heads": heads(),
        "may_administer": scope.may(Right.ADMINISTER),
    }
    return render(request, "backoffice/rekeyed.html", context)


@require_safe
@agent_page(Right.SEE_DASHBOARD, needs_post=False)
def rekeyed_csv(request: HttpRequest) -> HttpResponse:
    """The same lines, for a spreadsheet."""
    _form, selection = selected(request, scope_of(request.user), timezone.now())
    period = selection.period
    name = f"ressaisies-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    # spreadsheets take a file for UTF-8 only when it begins with the mark
    text = "\ufeff" + rekeyed_file(rekeyed_in(selection))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
