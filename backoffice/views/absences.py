"""Who is away and who stands in: one's own absences, and those of the people one manages."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.absences import end_absence, managed_by, note_absence
from backoffice.forms.absences import AbsenceForm
from backoffice.views.requests import WORKERS
from prestations.models import Absence
from requests.exceptions import RequestError


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WORKERS, needs_post=False)
def absences(request: AgentRequest) -> HttpResponse:
    """The absences of today and to come, and noting one."""
    form = AbsenceForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            note_absence(actor=request.user, **{"person": request.user, **form.cleaned_data})
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’absence est notée. Elle prendra fin d’elle-même."))
            return redirect("backoffice:absences")
    mine = managed_by(request.user).values("pk")
    rows = Absence.objects.not_over(timezone.localdate()).filter(
        Q(person__in=mine) | Q(delegate=request.user)
    )
    context = {
        "form": form,
        "rows": rows.select_related("person", "delegate", "noted_by"),
        "managed": set(mine.values_list("pk", flat=True)),
        "today": timezone.localdate(),
    }
    return render(request, "backoffice/absence_list.html", context)


@require_POST
@agent_page(*WORKERS, needs_post=False)
def absence_end(request: AgentRequest, absence_id: int) -> HttpResponse:
    """Somebody is back early, or will not be away."""
    mine = managed_by(request.user).values("pk")
    absence = get_object_or_404(Absence, pk=absence_id, person__in=mine)
    end_absence(actor=request.user, absence_id=absence.pk)
    messages.success(request, _("L’absence est terminée."))
    return redirect("backoffice:absences")
