"""Departments: their list, each one's form, and their closing."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.departments import close_department, held_by, reopen_department
from backoffice.configured.closing import handed_on
from backoffice.forms.coded import StateForm
from backoffice.forms.organisation import ClosingForm, DepartmentForm, PlaceForm
from backoffice.views.seen import Seen, changes_to
from prestations.configuration import kind_of, seen_of
from prestations.configuration.putting import put_state
from prestations.exceptions import CatalogueError
from prestations.models import Department
from requests.exceptions import RequestError
from requests.permissions import Right


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def departments(request: AgentRequest) -> HttpResponse:
    """Every department, the closed ones last."""
    agents = Count("membership", filter=Q(membership__user__is_active=True))
    rows = Department.objects.select_related("direction", "successor").annotate(agents=agents)
    context = {"rows": rows.order_by("-is_active", "order", "label")}
    return render(request, "backoffice/department_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def department(request: AgentRequest, code: str = "") -> HttpResponse:
    """Write a new department, or change one that is open."""
    known = get_object_or_404(Department, pk=code) if code else None
    if known is not None and not known.is_active:
        closed = {"department": known, "handed_on": handed_on("departments", code)}
        return render(request, "backoffice/department_closed.html", closed)
    state = kind_of("departments").snapshot(code) if code else None
    form = DepartmentForm(request.POST if request.method == "POST" else None, known=state)
    seen = Seen(
        request,
        partial(seen_of, "departments", code) if code else None,
        changes_to("departments", code),
        form,
    )
    if saved_place(request, "departments", form, seen):
        return redirect("backoffice:departments")
    context = {"department": known, "form": form, "seen": seen}
    return render(request, "backoffice/department_form.html", context)


def saved_place(
    request: AgentRequest,
    kind: str,
    form: PlaceForm | StateForm,
    seen: Seen,
    then: Callable[..., None] | None = None,
) -> bool:
    """Put what a form says in force; whether it is.

    Args:
        then: keeps what the form says beside the state.
    """
    if not form.is_valid():
        return False
    known, state, reason = kind_of(kind), form.state(), form.cleaned_data["reason"]
    key = known.key_of(state)
    try:
        with transaction.atomic():
            put_state(kind, key, state, actor=request.user, reason=reason, seen=seen.value)
            if then is not None:
                then(code=key)
    except CatalogueError as refusal:
        seen.refuse(form, refusal, form.blamed)
        return False
    if key in {one["code"] for one in known.awaited()}:
        messages.success(request, _("C’est proposé : une deuxième personne l’approuve."))
    else:
        messages.success(request, _("C’est enregistré."))
    return True


def carried_out(
    request: AgentRequest, act: Callable[[], object], said: str, form: Form | None = None
) -> bool:
    """Return whether the act was done, and say so; a refusal stands in the form, if any."""
    try:
        act()
    except RequestError as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.add_error(None, str(refusal))
        return False
    messages.success(request, said)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def department_close(request: AgentRequest, code: str) -> HttpResponse:
    """What the department holds and where it would go; then it is closed."""
    known = get_object_or_404(Department, pk=code, is_active=True)
    form = ClosingForm(request.POST if request.method == "POST" else None, closing=known)
    if form.is_valid():
        close = partial(close_department, actor=request.user, code=code, **form.cleaned_data)
        if carried_out(request, close, _("Le service est fermé."), form):
            return redirect("backoffice:department", code)
    context = {"department": known, "form": form, "held": held_by(known)}
    return render(request, "backoffice/department_close.html", context)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def department_reopen(request: AgentRequest, code: str) -> HttpResponse:
    """Open it again."""
    get_object_or_404(Department, pk=code)
    why = request.POST.get("reason", "")
    reopen = partial(reopen_department, actor=request.user, code=code, reason=why)
    carried_out(request, reopen, _("Le service est de nouveau ouvert."))
    return redirect("backoffice:department", code)
