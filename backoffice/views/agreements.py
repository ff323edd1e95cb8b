"""Service levels: what a department owes for a prestation, beside the citizen's promise (S77)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.agreements import AgreementForm
from prestations.actions import set_service_level
from prestations.agreements import agreement_of, contract_of, promise_of
from prestations.enums import PrestationStatus
from prestations.exceptions import CatalogueError
from prestations.models import (
    Department,
    EscalationStep,
    Prestation,
    ServiceContract,
    ServiceLevel,
)
from requests.enums import AlertKind
from requests.permissions import Right

JOURNAL_SHOWN = 50


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def agreements(request: AgentRequest) -> HttpResponse:
    """Every pair of a prestation and a department with its delays, and the ladder below."""
    prestations = {one.pk: one for one in _in_use()}
    departments = Department.objects.in_bulk()
    pairs = {(one.pk, one.expert_department_id) for one in prestations.values()}
    for contract in ServiceContract.objects.filter(is_active=True):
        pairs |= {(code, contract.department_id) for code in contract.prestations}
    pairs |= set(ServiceLevel.objects.values_list("prestation", "department"))
    rows = [
        _row(prestations[code], departments[department])
        for code, department in pairs
        if code in prestations and department in departments
    ]
    rows.sort(key=lambda row: (str(row["department"]), str(row["prestation"])))
    steps = EscalationStep.objects.filter(is_active=True)
    context = {"rows": rows, "ladder": [(AlertKind(step.pk).label, step) for step in steps]}
    return render(request, "backoffice/agreement_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def agreement(request: AgentRequest, code: str, department_code: str) -> HttpResponse:
    """The delays of one pair, compared with its contract and the promise, and their journal."""
    prestation = get_object_or_404(_in_use(), pk=code)
    department = get_object_or_404(Department, pk=department_code, is_active=True)
    row = _row(prestation, department)
    levels = ServiceLevel.objects.filter(prestation=prestation, department=department)
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(row["agreed"], name) for name in AgreementForm.base_fields},
    )
    if form.is_valid():
        try:
            set_service_level(
                prestation=prestation,
                department=department,
                actor=request.user,
                **form.cleaned_data,
            )
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est enregistré, pour les demandes à venir."))
            return redirect("backoffice:agreement", code, department_code)
    journal = levels.select_related("actor").order_by("-pk")[:JOURNAL_SHOWN]
    return render(
        request, "backoffice/agreement_detail.html", {**row, "form": form, "journal": journal}
    )


def _row(prestation: Prestation, department: Department) -> dict:
    agreed, promised = agreement_of(prestation, department), promise_of(prestation)
    return {
        "prestation": prestation,
        "department": department,
        "agreed": agreed,
        "contract": contract_of(prestation, department),
        "promised": promised,
        "beyond": agreed.treat_days > promised,
    }


def _in_use():
    return Prestation.objects.listed().filter(status=PrestationStatus.ACTIVE)
